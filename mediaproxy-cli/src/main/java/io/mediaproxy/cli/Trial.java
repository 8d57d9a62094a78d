package io.mediaproxy.cli;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.embedded.EmbeddedRelay;
import io.mediaproxy.embedded.report.Fault;
import io.mediaproxy.protocol.CommandRefusedException;
import io.mediaproxy.sdp.SdpSyntaxException;
import io.mediaproxy.session.MediaProxy;
import io.mediaproxy.session.MediaProxyResult;
import io.mediaproxy.session.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One message taken through {@code useMediaProxy}, with a real client, a real socket, and a dispatcher in this process
 * that replies with its own relay or with the given reply.
 *
 * @param given the message
 * @param result the result for it
 * @param sent the command as it arrived at the dispatcher; null if none was sent
 */
record Trial(
        GivenMessage given,
        MediaProxyResult result,
        @Nullable String sent) {
    /** How the trial ended. */
    enum End {
        /** {@code use_media_proxy} returns 1 or -2. */
        WORKED,
        /** The dispatcher gave no relay, or the message stays as it is because ICE has ended. */
        FAILED,
        /** The message cannot be put into a command. */
        UNUSABLE_MESSAGE
    }

    /**
     * MediaProxy's default range. It begins at the first port each time, so that the same message gives the same
     * result.
     */
    private static final int FIRST_PORT = 50_000;

    private static final int LAST_PORT = 59_999;

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String MEDIA = "media: ";

    /** @throws CommandException if the message cannot be read */
    static Trial run(MessageOptions options, Console console) {
        GivenMessage given = GivenMessage.read(options.file, console.in(), options.source);
        AtomicReference<@Nullable String> sent = new AtomicReference<>();
        try (EmbeddedRelay relay =
                        EmbeddedRelay.builder().portRange(FIRST_PORT, LAST_PORT).start();
                EmbeddedDispatcher dispatcher = EmbeddedDispatcher.builder()
                        .relays(relay)
                        .commandListener(command -> sent.compareAndSet(null, command.text()))
                        .start();
                MediaProxy mediaProxy = MediaProxy.builder()
                        .dispatcherSocket(dispatcher.socket())
                        .timeout(PATIENCE)
                        .build()) {
            if (options.reply != null) {
                dispatcher.inject(new Fault.Reply(options.reply));
            }
            MediaProxyResult result = mediaProxy.useMediaProxy(given.message(), options.parameters.attributes());
            return new Trial(given, result, sent.get());
        }
    }

    /** The message after the trial. */
    byte[] message() {
        return result.body().map(given::withBody).orElse(given.bytes());
    }

    /** The streams in the command. */
    Optional<String> media() {
        return sent == null
                ? Optional.empty()
                : sent.lines()
                        .filter(line -> line.startsWith(MEDIA))
                        .map(line -> line.substring(MEDIA.length()))
                        .findFirst();
    }

    /** The return code and the reason, in one line. */
    String verdict() {
        return "use_media_proxy returns " + result.returnCode() + ": " + result.reason();
    }

    End end() {
        if (result.returnCode() != -1) {
            return End.WORKED;
        }
        return result.outcome() == Outcome.FAILED && isMessageTheReason() ? End.UNUSABLE_MESSAGE : End.FAILED;
    }

    /** A failure without an exception is due to the message if no command was sent. */
    private boolean isMessageTheReason() {
        return result.failure()
                .map(failure -> failure instanceof SdpSyntaxException || failure instanceof CommandRefusedException)
                .orElse(sent == null);
    }
}

package io.mediaproxy.cli;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.embedded.Fault;
import io.mediaproxy.session.MediaProxy;
import io.mediaproxy.session.MediaProxyResult;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One message taken through {@code useMediaProxy}, the whole way: a real client, a real socket, and a dispatcher in this process
 * that answers with its own relay or with the words it was given.
 *
 * @param given the message
 * @param result what became of it
 * @param sent the command as it arrived at the dispatcher; null: none was sent
 */
record Trial(
        GivenMessage given,
        MediaProxyResult result,
        @Nullable String sent) {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String MEDIA = "media: ";

    /** @throws CommandException if the message cannot be read */
    static Trial run(MessageOptions options, Console console) {
        GivenMessage given = GivenMessage.read(options.file, console.in(), options.source);
        AtomicReference<@Nullable String> sent = new AtomicReference<>();
        EmbeddedDispatcher.Builder builder =
                EmbeddedDispatcher.builder().commandListener(command -> sent.compareAndSet(null, command.text()));
        if (options.reply != null) {
            builder.relays();
        }
        try (EmbeddedDispatcher dispatcher = builder.start();
                MediaProxy mediaProxy = MediaProxy.builder()
                        .dispatcherSocket(dispatcher.socket())
                        .timeout(PATIENCE)
                        .build()) {
            if (options.reply != null) {
                dispatcher.order(new Fault.Say(options.reply));
            }
            MediaProxyResult result = mediaProxy.useMediaProxy(given.message(), options.attributes());
            return new Trial(given, result, sent.get());
        }
    }

    /** The message as it goes on. */
    byte[] message() {
        return result.body().map(given::withBody).orElse(given.bytes());
    }

    /** What the dispatcher was told of the streams. */
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

    boolean worked() {
        return result.returnCode() != -1;
    }
}

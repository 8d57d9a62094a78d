package io.mediaproxy.cli.demo;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.embedded.EmbeddedRelay;
import io.mediaproxy.embedded.report.SessionStatistics;
import io.mediaproxy.protocol.backchannel.BackChannelConfig;
import io.mediaproxy.session.MediaProxy;
import io.mediaproxy.session.Outcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import javax.sip.InvalidArgumentException;
import javax.sip.SipException;
import org.jspecify.annotations.Nullable;

/**
 * The whole demo: a dispatcher, the proxy that uses it, one call, and the report of it.
 *
 * @param socket of a running dispatcher; null: one in this JVM, with a relay
 * @param bind IPv4 address of the phones and the proxy, and of the relay in this JVM
 * @param talk how long the phones talk
 * @param untilSilence whether the call is ended by the relay's timer, after both phones have fallen silent, and not by a phone;
 *     only in this JVM, whose relay can be told to wait for a short time
 */
public record Demo(@Nullable Path socket, InetAddress bind, Duration talk, boolean untilSilence) {
    /** Much more than the default: with the first command both ends are loaded into this JVM, and a machine may be slow. */
    private static final Duration DISPATCHER_PATIENCE = Duration.ofSeconds(5);

    private static final Duration SIP_PATIENCE = Duration.ofSeconds(10);
    /** The relay's own default of 90 s is too long to watch. */
    private static final Duration STREAM_TIMEOUT = Duration.ofSeconds(2);

    /** How much longer than agreed they talk where one has not heard the other yet: on a busy machine the first second is slow. */
    private static final Duration FIRST_WORD_PATIENCE = Duration.ofSeconds(2);

    /**
     * Makes the call and shows what happened.
     *
     * @return what did not work, each in one line; empty: audio passed both ways and the session was removed
     * @throws SocketException if nothing can listen at {@link #bind}
     * @throws IOException if there is no room for a socket file
     * @throws TimeoutException if SIP itself got no answer
     * @throws InterruptedException if this thread was interrupted; all is closed then, the session at the dispatcher included
     */
    public List<String> show(PrintWriter out, boolean json)
            throws SipException, InvalidArgumentException, ParseException, IOException, InterruptedException,
                    TimeoutException {
        DemoReport report = socket == null ? withOwnDispatcher() : call(socket, new AtomicReference<>());
        ReportPrinter printer = new ReportPrinter(out);
        if (json) {
            printer.printJson(report);
        } else {
            printer.print(report);
        }
        return report.problems();
    }

    private DemoReport withOwnDispatcher()
            throws SipException, InvalidArgumentException, ParseException, IOException, InterruptedException,
                    TimeoutException {
        AtomicReference<SessionStatistics> ended = new AtomicReference<>();
        EmbeddedRelay.Builder relays = EmbeddedRelay.builder().bindAddress(bind.getHostAddress());
        EmbeddedDispatcher.Builder dispatchers = EmbeddedDispatcher.builder().sessionListener(ended::set);
        if (!untilSilence) {
            try (EmbeddedRelay relay = relays.start();
                    EmbeddedDispatcher dispatcher = dispatchers.relays(relay).start()) {
                return call(dispatcher.socket(), ended);
            }
        }
        Path folder = Files.createTempDirectory("mediaproxy-demo"); // for this user alone
        Path backChannel = folder.resolve("socket");
        try (EmbeddedRelay relay = relays.streamTimeout(STREAM_TIMEOUT).start();
                EmbeddedDispatcher dispatcher =
                        dispatchers.relays(relay).openSipsSocket(backChannel).start()) {
            return call(
                    builder(dispatcher.socket())
                            .backChannel(BackChannelConfig.builder(backChannel).build()),
                    ended);
        } finally {
            Files.deleteIfExists(backChannel);
            Files.delete(folder);
        }
    }

    private DemoReport call(Path dispatcher, AtomicReference<SessionStatistics> ended)
            throws SipException, InvalidArgumentException, ParseException, SocketException, InterruptedException,
                    TimeoutException {
        return call(builder(dispatcher), ended);
    }

    private static MediaProxy.Builder builder(Path dispatcher) {
        return MediaProxy.builder().dispatcherSocket(dispatcher).timeout(DISPATCHER_PATIENCE);
    }

    /** @param ended where the relay's own statistics will be when the session has ended, if they are to be had */
    private DemoReport call(MediaProxy.Builder builder, AtomicReference<SessionStatistics> ended)
            throws SipException, InvalidArgumentException, ParseException, SocketException, InterruptedException,
                    TimeoutException {
        try (MediaProxy mediaProxy = builder.build();
                WatchedMedia media = new WatchedMedia(mediaProxy);
                DemoCall call = DemoCall.prepare(bind, Callee.Manner.ANSWER, media, SIP_PATIENCE)) {
            Supplier<CompletableFuture<?>> enough = () -> CompletableFuture.anyOf(media.failed(), talk(call));
            CallOutcome outcome =
                    untilSilence ? call.runIntoSilence(enough, STREAM_TIMEOUT.plus(SIP_PATIENCE)) : call.run(enough);
            boolean removed = removed(media);
            SessionStatistics statistics = ended.get();
            return new DemoReport(
                    socket == null,
                    outcome,
                    media.changes(),
                    statistics == null ? null : RelaySession.of(statistics),
                    removed);
        }
    }

    private static boolean removed(WatchedMedia media) throws InterruptedException {
        try {
            return media.ended().get(SIP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS) == Outcome.REMOVED;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        }
    }

    private CompletableFuture<?> talk(DemoCall call) {
        CompletableFuture<Void> bothHeard = CompletableFuture.allOf(
                call.caller().audio().heard(1), call.callee().audio().heard(1));
        return after(talk).thenCompose(nothing -> CompletableFuture.anyOf(bothHeard, after(FIRST_WORD_PATIENCE)));
    }

    private static CompletableFuture<Void> after(Duration delay) {
        Executor then = CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS);
        return CompletableFuture.runAsync(() -> {}, then);
    }
}

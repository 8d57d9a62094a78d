package io.mediaproxy.cli.demo;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.embedded.EmbeddedRelay;
import io.mediaproxy.embedded.report.SessionStatistics;
import io.mediaproxy.protocol.backchannel.BackChannelConfig;
import io.mediaproxy.session.MediaProxy;
import io.mediaproxy.session.MediaProxyBuilder;
import io.mediaproxy.session.Outcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import javax.sip.SipException;
import org.jspecify.annotations.Nullable;

/**
 * The whole demo: a dispatcher, the example proxy that uses it, one call, and the report. Thread-safe.
 *
 * @param socket the socket of a running dispatcher; null for a dispatcher and relay in this JVM
 * @param backChannel where that dispatcher sends the calls whose media stopped; null to listen nowhere, or for its own
 * @param bind the IPv4 address of the phones and the proxy, and of the relay in this JVM
 * @param talk how long the phones talk
 * @param untilSilence whether the relay's timer ends the call, after both phones have fallen silent
 */
public record Demo(
        @Nullable Path socket, @Nullable Path backChannel, InetAddress bind, Duration talk, boolean untilSilence) {
    /** Much more than the default: the first command loads the classes of both ends, and the machine may be slow. */
    private static final Duration DISPATCHER_PATIENCE = Duration.ofSeconds(5);

    private static final Duration SIP_PATIENCE = Duration.ofSeconds(10);
    /** The relay's own default of 90 s is too long to watch. */
    private static final Duration STREAM_TIMEOUT = Duration.ofSeconds(2);

    /**
     * Of a real relay: the longest timeout that is usual for its kernel (180 s), and the time between two looks at it.
     */
    private static final Duration REAL_SILENCE = Duration.ofMinutes(5);

    /**
     * How much longer the phones talk if one has not heard the other yet: on a busy machine the first second is slow.
     */
    private static final Duration FIRST_WORD_PATIENCE = Duration.ofSeconds(2);

    /**
     * Makes the call and prints the report.
     *
     * @return the problems, each in one line; empty if audio passed both ways and the session was removed
     * @throws SocketException if {@link #bind} cannot be bound
     * @throws IOException if the socket of the back channel of this JVM cannot be created
     * @throws io.mediaproxy.protocol.backchannel.BackChannelException if that of a running dispatcher cannot be bound
     * @throws TimeoutException if an expected SIP message did not arrive
     * @throws InterruptedException if this thread was interrupted; everything is closed then, the session at the
     *     dispatcher included
     */
    public List<String> show(PrintWriter out, boolean json)
            throws SipException, IOException, InterruptedException, TimeoutException {
        DemoReport report = socket == null ? withOwnDispatcher() : call(socket, new AtomicReference<>());
        ReportPrinter printer = new ReportPrinter(out);
        if (json) {
            printer.printJson(report);
        } else {
            printer.print(report);
        }
        return report.problems();
    }

    private DemoReport withOwnDispatcher() throws SipException, IOException, InterruptedException, TimeoutException {
        AtomicReference<SessionStatistics> ended = new AtomicReference<>();
        EmbeddedRelay.Builder relays = EmbeddedRelay.builder().bindAddress(bind.getHostAddress());
        EmbeddedDispatcher.Builder dispatchers = EmbeddedDispatcher.builder().sessionListener(ended::set);
        if (!untilSilence) {
            try (EmbeddedRelay relay = relays.start();
                    EmbeddedDispatcher dispatcher = dispatchers.relays(relay).start()) {
                return call(dispatcher.socket(), ended);
            }
        }
        Path folder = Files.createTempDirectory("mediaproxy-demo"); // accessible to this user only
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
            throws SipException, IOException, InterruptedException, TimeoutException {
        MediaProxyBuilder builder = builder(dispatcher);
        return call(
                backChannel == null
                        ? builder
                        : builder.backChannel(
                                BackChannelConfig.builder(backChannel).build()),
                ended);
    }

    private static MediaProxyBuilder builder(Path dispatcher) {
        return MediaProxy.builder().dispatcherSocket(dispatcher).timeout(DISPATCHER_PATIENCE);
    }

    /** @param ended receives the relay's statistics when the session ends, if the relay is in this JVM */
    private DemoReport call(MediaProxyBuilder builder, AtomicReference<SessionStatistics> ended)
            throws SipException, IOException, InterruptedException, TimeoutException {
        try (MediaProxy mediaProxy = builder.build();
                WatchedMedia media = new WatchedMedia(mediaProxy);
                DemoCall call = DemoCall.prepare(bind, mediaProxy)) {
            Supplier<CompletableFuture<?>> enough = () -> CompletableFuture.anyOf(media.failed(), talk(call));
            CallOutcome outcome = untilSilence ? call.runIntoSilence(enough, longestSilence()) : call.run(enough);
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

    private Duration longestSilence() {
        return socket == null ? STREAM_TIMEOUT.plus(SIP_PATIENCE) : REAL_SILENCE;
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

package io.mediaproxy.examples.jainsip;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.embedded.report.SessionStatistics;
import io.mediaproxy.examples.SipServer;
import io.mediaproxy.session.MediaProxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.sip.address.SipURI;

/** An example on a free port, with a separate dispatcher. Thread-safe. */
final class ExampleUnderTest implements AutoCloseable {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    /** A refused call ends with its transaction, when no more ACK can arrive: after 5 s (RFC 3261 17.2.1, Timer I). */
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    /** Long, so that a call without a relay is a failure and not the sign of a busy machine. */
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Map<String, CompletableFuture<SessionStatistics>> removed = new ConcurrentHashMap<>();
    private final Semaphore removals = new Semaphore(0);
    private final Map<String, InetSocketAddress> users = new ConcurrentHashMap<>();
    private final EmbeddedDispatcher dispatcher;
    private final MediaProxy mediaProxy;
    private final SipServer server;

    /** Starts one of the examples. */
    interface Start {
        SipServer start(InetSocketAddress listen, Function<SipURI, InetSocketAddress> location, MediaProxy mediaProxy)
                throws Exception;
    }

    ExampleUnderTest(Start example) throws Exception {
        dispatcher = EmbeddedDispatcher.builder().sessionListener(this::removed).start();
        mediaProxy = MediaProxy.builder()
                .dispatcherSocket(dispatcher.socket())
                .timeout(TIMEOUT)
                .build();
        server = example.start(ANY_PORT, this::locate, mediaProxy);
    }

    InetSocketAddress address() {
        return server.address();
    }

    EmbeddedDispatcher dispatcher() {
        return dispatcher;
    }

    /** Tells the example where a user's phone is, as a registrar would. */
    void register(String user, InetSocketAddress address) {
        users.put(user, address);
    }

    private InetSocketAddress locate(SipURI callee) {
        return Objects.requireNonNull(users.get(callee.getUser()), "user");
    }

    List<SessionStatistics> sessions(String callId) {
        return dispatcher.sessions().stream()
                .filter(session -> session.callId().equals(callId))
                .toList();
    }

    void assertThatTheSessionIsRemoved(String callId) {
        assertThat(removed(callId))
                .succeedsWithin(PATIENCE)
                .satisfies(session -> assertThat(session.timedOut()).isFalse());
        assertThat(sessions(callId)).isEmpty();
    }

    /** Waits until this many sessions have ended since the last call, and returns them. */
    List<SessionStatistics> takeRemoved(int sessions) throws InterruptedException {
        assertThat(removals.tryAcquire(sessions, PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("of %s sessions %s were removed", sessions, removed.size())
                .isTrue();
        List<SessionStatistics> ended =
                removed.values().stream().map(CompletableFuture::join).toList();
        removed.clear();
        return ended;
    }

    private void removed(SessionStatistics session) {
        removed(session.callId()).complete(session);
        removals.release();
    }

    private CompletableFuture<SessionStatistics> removed(String callId) {
        return removed.computeIfAbsent(callId, id -> new CompletableFuture<>());
    }

    @Override
    public void close() {
        server.close();
        mediaProxy.close();
        dispatcher.close();
    }
}

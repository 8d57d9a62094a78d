package io.mediaproxy.jainsip.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.embedded.report.SessionStatistics;
import io.mediaproxy.jainsip.JainSipMediaProxy;
import io.mediaproxy.session.MediaProxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import javax.sip.address.SipURI;

/** An example with its relay: engaged, on a free port, with a dispatcher of its own. Safe for use by many threads. */
final class ExampleUnderTest implements AutoCloseable {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    /** A transaction that refused is over, and its call with it, when no more ACK can come: 5 s (RFC 3261 17.2.1, Timer I). */
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    /** A call without a relay is a failure here, and no sign of a busy machine. */
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Map<String, CompletableFuture<SessionStatistics>> removed = new ConcurrentHashMap<>();
    private final Semaphore removals = new Semaphore(0);
    private final Map<String, InetSocketAddress> users = new ConcurrentHashMap<>();
    private final EmbeddedDispatcher dispatcher;
    private final MediaProxy mediaProxy;
    private final ExampleStack sip;

    ExampleUnderTest(boolean dialogs, BiFunction<ExampleStack, UnaryOperator<SipURI>, ExampleServer> example)
            throws Exception {
        dispatcher = EmbeddedDispatcher.builder().sessionListener(this::removed).start();
        mediaProxy = MediaProxy.builder()
                .dispatcherSocket(dispatcher.socket())
                .timeout(TIMEOUT)
                .build();
        sip = new ExampleStack(ANY_PORT, dialogs);
        sip.provider.addSipListener(new JainSipMediaProxy(mediaProxy).engage(example.apply(sip, this::locate)));
    }

    InetSocketAddress address() {
        return sip.address;
    }

    EmbeddedDispatcher dispatcher() {
        return dispatcher;
    }

    /** What a registrar would be told. */
    void register(String user, InetSocketAddress address) {
        users.put(user, address);
    }

    private SipURI locate(SipURI callee) {
        InetSocketAddress contact = users.get(callee.getUser());
        try {
            return contact == null ? callee : sip.uri(contact);
        } catch (ParseException e) {
            throw new IllegalArgumentException("no address of a user: " + contact, e);
        }
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

    /** Waits until so many sessions have ended since it was asked last, and gives them. */
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
        sip.close();
        mediaProxy.close();
        dispatcher.close();
    }
}

package io.mediaproxy.session;

import io.mediaproxy.protocol.DispatcherReply;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Finds calls whose media stopped among those that moved to another dispatcher: the relay reports a media timeout only
 * to the dispatcher that created the session, and that one may have forgotten the call. So each moved call that was
 * answered gets an update now and then that changes nothing. If the relay still has the session, it gives the ports
 * that the call has. If it gives others, it had ended the session, and has made a new one.
 *
 * <p>Thread-safe.
 */
final class MovedCalls implements AutoCloseable {
    /** A relay ends a session after 90 s without media, by default. */
    private static final Duration CHECK_INTERVAL = Duration.ofMinutes(1);

    private static final Duration ROUND_INTERVAL = Duration.ofSeconds(10);

    /** In one round, so that others have room in the client's queue. */
    private static final int MAX_CHECKS = 256;

    private final Dispatchers dispatchers;
    private final Updates updates;
    private final CallSessions sessions;
    private final Consumer<CallSession> mediaStopped;
    private final boolean checksIceCalls;
    private final LongSupplier nanoTime;
    private final PeriodicTask rounds;
    private final Queue<CallSession> stopped = new ConcurrentLinkedQueue<>();
    /** When each moved call is checked next. Guarded by this object. */
    private final Map<CallSession, Long> dueNanos = new HashMap<>();

    /**
     * Starts no thread.
     *
     * @param mediaStopped ends a call; may block
     * @param checksIceCalls whether calls with ICE are ended too, whose media may have left the relay
     */
    MovedCalls(
            Dispatchers dispatchers,
            Updates updates,
            CallSessions sessions,
            Consumer<CallSession> mediaStopped,
            boolean checksIceCalls,
            LongSupplier nanoTime) {
        this.dispatchers = dispatchers;
        this.updates = updates;
        this.sessions = sessions;
        this.mediaStopped = mediaStopped;
        this.checksIceCalls = checksIceCalls;
        this.nanoTime = nanoTime;
        this.rounds = new PeriodicTask("mediaproxy-moved-calls", ROUND_INTERVAL, this::check);
    }

    /** Starts to check, if there are several dispatchers. */
    void start() {
        if (dispatchers.areSeveral()) {
            rounds.start();
        }
    }

    /** Ends the calls that earlier checks found, and sends the checks that are due. */
    void check() {
        for (CallSession session = stopped.poll(); session != null; session = stopped.poll()) {
            mediaStopped.accept(session);
        }
        if (dispatchers.areSeveral()) {
            sendDue();
        }
    }

    private synchronized void sendDue() {
        dueNanos.keySet().removeIf(CallSession::hasEnded);
        long now = nanoTime.getAsLong();
        int sent = 0;
        for (CallSession session : sessions.all()) {
            if (sent < MAX_CHECKS && dispatchers.hasMoved(session.id().callId())) {
                Long due = dueNanos.putIfAbsent(session, now + CHECK_INTERVAL.toNanos());
                if (due != null && now - due >= 0) {
                    dueNanos.put(session, now + CHECK_INTERVAL.toNanos());
                    sent += send(session) ? 1 : 0;
                }
            }
        }
    }

    private boolean send(CallSession session) {
        CallExchanges exchanges = session.exchanges();
        MediaCheck check = checksIceCalls || !exchanges.hasIceOnAllStreams() ? exchanges.mediaCheck() : null;
        if (check == null) {
            return false;
        }
        CompletableFuture<MediaProxyResult> unused = updates.send(
                check.command(),
                reply -> {
                    if (reply instanceof DispatcherReply.Endpoints endpoints
                            && check.findsNewSession(endpoints)
                            && exchanges.isLast(check)) {
                        stopped.add(session);
                    }
                    return MediaProxyResult.answered();
                },
                () -> {}); // a late session ends with the call
        return true;
    }

    @Override
    public void close() {
        rounds.close();
    }
}

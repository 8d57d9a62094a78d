package io.mediaproxy.session;

import io.mediaproxy.protocol.backchannel.DialogId;
import io.mediaproxy.protocol.log.CountedLine;
import io.mediaproxy.protocol.log.Excerpt;
import io.mediaproxy.protocol.log.Log;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * The sessions of the calls that are followed, by the Call-ID and the dialog id under which the dispatcher knows them.
 * Ends those that are silent for too long. Thread-safe.
 */
final class CallSessions implements AutoCloseable {
    private static final Log LOG = Log.of(CallSessions.class);

    private static final Duration MIN_REAPING_INTERVAL = Duration.ofMillis(10);

    private static final Duration MAX_REAPING_INTERVAL = Duration.ofSeconds(10);

    /** Calls in one round whose updates are sent again, so that others have room in the client's queue. */
    private static final int MAX_TOLD = 256;

    private final SessionSurroundings surroundings;
    private final boolean dialogIds;

    private final Map<String, CallSession> byCallId = new ConcurrentHashMap<>();
    private final Map<String, CallSession> byDialogId = new ConcurrentHashMap<>();
    private final PacedEnding ending;
    private final CountedLine givenUpLine;
    private final PeriodicTask reaper;

    /**
     * Starts no thread before there is a session.
     *
     * @param dialogIds whether the dispatcher gets a dialog id with each update, since something listens for media
     *     timeouts
     */
    CallSessions(
            MediaProxyConfig config,
            Updates updates,
            Removals removals,
            PacedEnding ending,
            RelayOutage outage,
            IceWarning iceWarning,
            LongSupplier nanoTime,
            boolean dialogIds) {
        this.surroundings = new SessionSurroundings(
                config,
                new UpdateCommands(config),
                updates,
                removals,
                outage,
                iceWarning,
                nanoTime,
                new ExpiryQueue<>(),
                ConcurrentHashMap.newKeySet(),
                LOG.counted(Level.WARN, nanoTime),
                this::forget);
        this.dialogIds = dialogIds;
        this.ending = ending;
        this.givenUpLine = LOG.counted(Level.INFO, nanoTime);
        Duration shortest = config.earlyDialogTimeout().compareTo(config.dialogTimeout()) < 0
                ? config.earlyDialogTimeout()
                : config.dialogTimeout();
        reaper = new PeriodicTask("mediaproxy-reaper", reapingInterval(shortest), this::reap);
    }

    private static Duration reapingInterval(Duration shortestTimeout) {
        Duration half = shortestTimeout.dividedBy(2);
        if (half.compareTo(MIN_REAPING_INTERVAL) < 0) {
            return MIN_REAPING_INTERVAL;
        }
        return half.compareTo(MAX_REAPING_INTERVAL) < 0 ? half : MAX_REAPING_INTERVAL;
    }

    @Nullable CallSession find(String callId) {
        return byCallId.get(callId);
    }

    @Nullable CallSession findByDialogId(String dialogId) {
        return byDialogId.get(dialogId);
    }

    /** Returns all sessions that have not ended. */
    Collection<CallSession> all() {
        return byCallId.values();
    }

    /** Returns how many sessions would be ended if they were silent for long enough. */
    int watched() {
        return surroundings.expiries().size();
    }

    /**
     * Returns the session of a Call-ID, or a new one.
     *
     * @param callerTag of a new one
     * @param engaged of a new one: whether its messages decide what is an offer and what an answer
     */
    CallSession open(String callId, String callerTag, boolean engaged) {
        reaper.start();
        return byCallId.computeIfAbsent(callId, key -> {
            SessionId id = new SessionId(key, callerTag, dialogIds ? DialogId.next() : "");
            CallSession session = new CallSession(id, engaged, surroundings);
            long now = surroundings.nanoTime().getAsLong();
            surroundings
                    .expiries()
                    .add(session, now + surroundings.config().dialogTimeout().toNanos());
            if (dialogIds) {
                byDialogId.put(id.dialogId(), session);
            }
            return session;
        });
    }

    private void forget(CallSession session) {
        byCallId.remove(session.id().callId(), session);
        byDialogId.remove(session.id().dialogId(), session);
        surroundings.expiries().remove(session);
        surroundings.untold().remove(session.exchanges());
    }

    /**
     * Ends the sessions that are silent for too long: their BYE or CANCEL was lost. Those for which there was no room
     * in the last round come first.
     */
    void reap() {
        tellLater();
        ending.resume();
        if (!ending.isIdle()) {
            return;
        }
        long now = surroundings.nanoTime().getAsLong();
        CallSession session = surroundings.expiries().poll(now);
        while (session != null) {
            givenUpLine.log(
                    "call {} is given up: nothing was heard of it for too long",
                    Excerpt.name(session.id().callId()));
            CompletableFuture<Void> unused = ending.end(session);
            session = surroundings.expiries().poll(now);
        }
    }

    private void tellLater() {
        int told = 0;
        for (CallExchanges exchanges : surroundings.untold()) {
            if (told < MAX_TOLD && exchanges.tellLater()) {
                told++;
            }
        }
    }

    @Override
    public void close() {
        reaper.close();
    }
}

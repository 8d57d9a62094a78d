package io.mediaproxy.session;

import io.mediaproxy.protocol.UpdateCommand;
import io.mediaproxy.protocol.backchannel.DialogId;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions that are followed, by Call-ID, which is what the dispatcher knows them by; and what they work with. Those that
 * nothing was heard of for too long are ended. Safe for use by many threads.
 */
final class MediaSessions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MediaSessions.class);

    private static final Duration MIN_REAPING_INTERVAL = Duration.ofMillis(10);

    private static final Duration MAX_REAPING_INTERVAL = Duration.ofSeconds(10);

    private final MediaProxyConfig config;
    private final Updates updates;
    private final EndMediaSession end;
    private final long dialogTimeout;
    private final LongSupplier nanoTime;
    /** Whether somebody waits for the dispatcher's word that the media of a call stopped. */
    private final boolean dialogIds;

    private final Map<String, CallSession> byCallId = new ConcurrentHashMap<>();
    private final Map<String, CallSession> byDialogId = new ConcurrentHashMap<>();
    private final Repeating reaper;

    /**
     * Follows nothing yet, and starts no thread before there is something to follow.
     *
     * @param dialogIds whether the dispatcher gets a dialog id with each update
     */
    MediaSessions(
            MediaProxyConfig config, Updates updates, EndMediaSession end, LongSupplier nanoTime, boolean dialogIds) {
        this.config = config;
        this.updates = updates;
        this.end = end;
        this.nanoTime = nanoTime;
        this.dialogIds = dialogIds;
        this.dialogTimeout = config.dialogTimeout().toNanos();
        Duration shortest = config.earlyDialogTimeout().compareTo(config.dialogTimeout()) < 0
                ? config.earlyDialogTimeout()
                : config.dialogTimeout();
        reaper = new Repeating("mediaproxy-reaper", reapingInterval(shortest), this::reap);
    }

    private static Duration reapingInterval(Duration shortestTimeout) {
        Duration half = shortestTimeout.dividedBy(2);
        if (half.compareTo(MIN_REAPING_INTERVAL) < 0) {
            return MIN_REAPING_INTERVAL;
        }
        return half.compareTo(MAX_REAPING_INTERVAL) < 0 ? half : MAX_REAPING_INTERVAL;
    }

    MediaProxyConfig config() {
        return config;
    }

    /** As {@link Updates#send}; a session that a late reply makes is removed when its call ends, if the call is followed by then. */
    CompletableFuture<MediaProxyResult> send(UpdateCommand command, Updates.ReplyReader reader) {
        return updates.send(command, reader, () -> find(command.callId()) != null);
    }

    long dialogTimeout() {
        return dialogTimeout;
    }

    long nanoTime() {
        return nanoTime.getAsLong();
    }

    boolean hasDialogIds() {
        return dialogIds;
    }

    @Nullable CallSession find(String callId) {
        return byCallId.get(callId);
    }

    @Nullable CallSession findByDialogId(String dialogId) {
        return byDialogId.get(dialogId);
    }

    /**
     * The one that is there, or a new one.
     *
     * @param engaged of a new one: whether it is followed by its messages
     */
    CallSession open(String callId, String fromTag, boolean engaged) {
        reaper.start();
        return byCallId.computeIfAbsent(callId, id -> {
            CallSession session = new CallSession(id, fromTag, dialogIds ? DialogId.next() : "", engaged, this);
            if (dialogIds) {
                byDialogId.put(session.dialogId(), session);
            }
            return session;
        });
    }

    /** @throws io.mediaproxy.protocol.CommandRefusedException if a value does not fit the wire */
    CompletableFuture<MediaProxyResult> remove(String callId, String fromTag, String toTag) {
        return end.remove(callId, fromTag, toTag);
    }

    void ended(CallSession session) {
        byCallId.remove(session.callId(), session);
        byDialogId.remove(session.dialogId(), session);
    }

    int size() {
        return byCallId.size();
    }

    /** Ends those that nothing was heard of for too long: their BYE or CANCEL was lost. */
    void reap() {
        long now = nanoTime();
        for (CallSession session : byCallId.values()) {
            if (session.isOverdue(now)) {
                LOG.info("call {} is given up: nothing was heard of it for too long", session.callId());
                CompletableFuture<MediaProxyResult> unused = session.end();
            }
        }
    }

    @Override
    public void close() {
        reaper.close();
    }
}

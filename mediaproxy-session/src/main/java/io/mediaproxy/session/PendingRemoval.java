package io.mediaproxy.session;

import io.mediaproxy.protocol.RemoveCommand;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One removal that is tried again. As long as it could not be delivered, it is due in every round. Once the dispatcher
 * has answered {@code error}, it is due after growing delays: first as it is, since the relay's connection may have
 * been down for a second, and then after the call's last update. Confined to the lock of {@link PendingRemovals}.
 */
final class PendingRemoval {
    /** After each {@code error}; the last one repeats. */
    private static final List<Duration> DELAYS = List.of(
            Duration.ofSeconds(2),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(15),
            Duration.ofMinutes(30),
            Duration.ofHours(1));

    /** Without the last update, which is not known of all calls, more tries find nothing new. */
    private static final int MAX_ERRORS_WITHOUT_UPDATE = 3;

    private final RemoveCommand command;
    private final @Nullable LastUpdate lastUpdate;
    private final boolean hadSession;
    private final long sinceNanos;

    private int errors;
    private long dueNanos;
    private @Nullable CompletableFuture<Void> settled;

    /**
     * @param lastUpdate null if it is not known
     * @param hadSession whether the call had a relay, so that {@code error} is no proof that it has none
     */
    PendingRemoval(RemoveCommand command, @Nullable LastUpdate lastUpdate, boolean hadSession, long now) {
        this.command = command;
        this.lastUpdate = lastUpdate;
        this.hadSession = hadSession;
        this.sinceNanos = now;
        this.dueNanos = now;
    }

    RemoveCommand command() {
        return command;
    }

    /** Whether the call had a relay. */
    boolean hadSession() {
        return hadSession;
    }

    /** Returns the update to send before the removal; null if it goes alone. */
    @Nullable LastUpdate updateBefore() {
        return errors >= 2 ? lastUpdate : null;
    }

    /** The dispatcher answered {@code error}. Returns whether the removal is tried again. */
    boolean failed(long now) {
        dueNanos = now + DELAYS.get(Math.min(errors, DELAYS.size() - 1)).toNanos();
        errors++;
        return hadSession && (lastUpdate != null || errors < MAX_ERRORS_WITHOUT_UPDATE);
    }

    boolean isDue(long now) {
        return now - dueNanos >= 0;
    }

    /** Whether the relay must have ended the session by its timers. */
    boolean isOver(long now) {
        Duration limit = lastUpdate == null || errors == 0 ? LastUpdate.ON_HOLD : lastUpdate.relayTimeout();
        return now - sinceNanos > limit.toNanos();
    }

    /** Returns a future that completes when the removal is not tried any more. */
    CompletableFuture<Void> settled() {
        CompletableFuture<Void> future = settled;
        if (future == null) {
            future = new CompletableFuture<>();
            settled = future;
        }
        return future;
    }

    /** Returns the future that someone waits for; null if there is none. */
    @Nullable CompletableFuture<Void> awaited() {
        return settled;
    }
}

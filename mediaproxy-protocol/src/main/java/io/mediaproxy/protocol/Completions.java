package io.mediaproxy.protocol;

import io.mediaproxy.protocol.log.Log;
import org.jspecify.annotations.Nullable;

/**
 * Completes the futures of settled commands. A command settles while its thread holds {@link IoLoop}'s turn; its future
 * is completed after the turn, by the I/O thread alone: {@link #collect} moves it from one to the other.
 *
 * <p>Both lists run through {@link PendingCommand}, so that no command is lost if memory runs out.
 */
final class Completions {
    private static final Log LOG = Log.of(Completions.class);

    private @Nullable PendingCommand firstSettled;
    private @Nullable PendingCommand lastSettled;
    private @Nullable PendingCommand firstCollected;
    private @Nullable PendingCommand lastCollected;

    /** Adds a command whose outcome is settled. Confined to the holder of {@link IoLoop}'s turn. */
    void add(PendingCommand pending) {
        if (lastSettled == null) {
            firstSettled = pending;
        } else {
            lastSettled.nextSettled = pending;
        }
        lastSettled = pending;
    }

    /** Returns whether no command has settled since {@link #collect}. Confined to the holder of the turn. */
    boolean isEmpty() {
        return firstSettled == null;
    }

    /** Moves all settled commands to where {@link #run} finds them. Confined to the I/O thread in its turn. */
    void collect() {
        if (lastCollected == null) {
            firstCollected = firstSettled;
        } else {
            lastCollected.nextSettled = firstSettled;
        }
        if (lastSettled != null) {
            lastCollected = lastSettled;
        }
        firstSettled = null;
        lastSettled = null;
    }

    /**
     * Completes the futures of collected commands, and runs what callers chained to them. Confined to the I/O thread.
     */
    void run() {
        for (PendingCommand pending = firstCollected; pending != null; pending = firstCollected) {
            MediaProxyException failure = pending.failure;
            if (failure != null) {
                pending.future.completeExceptionally(failure); // takes memory; without it, the command stays the first
            }
            removeFirst(pending);
            if (failure == null && pending.reply != null && !pending.future.complete(pending.reply)) {
                deliverLate(pending, pending.reply);
            }
        }
    }

    private void removeFirst(PendingCommand pending) {
        firstCollected = pending.nextSettled;
        pending.nextSettled = null;
        if (firstCollected == null) {
            lastCollected = null;
        }
    }

    private static void deliverLate(PendingCommand pending, DispatcherReply reply) {
        if (!(reply instanceof DispatcherReply.Endpoints endpoints)) {
            LOG.debug("late reply to {}: {}", pending, reply);
            return;
        }
        try {
            pending.onLate.accept(endpoints);
        } catch (RuntimeException | Error e) {
            LOG.error("the listener for the late reply to {} failed", pending, e);
        }
    }
}

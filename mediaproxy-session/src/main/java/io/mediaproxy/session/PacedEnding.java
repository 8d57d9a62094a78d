package io.mediaproxy.session;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ends many sessions, with no more removals at a time than the dispatcher's client and the kept removals have room for:
 * a removal that finds no room would leave its session at the relay. A session whose turn has not come goes on.
 * Thread-safe.
 */
final class PacedEnding implements AutoCloseable {
    /** Enough to keep the client's connections busy, and few enough to leave its queue to other calls. */
    private static final int MAX_IN_FLIGHT = 64;

    /** Of the queue of the client. */
    private static final int SHARE = 4;

    private record Waiting(CallSession session, CompletableFuture<Void> removed) {}

    private final PendingRemovals pending;
    private final int maxInFlight;

    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    /** Calls of {@link #resume} since the queue was last looked at; one thread works while it is not 0. */
    private final AtomicInteger resumes = new AtomicInteger();

    private volatile boolean closed;

    /** @param queueCapacity of the client */
    PacedEnding(PendingRemovals pending, int queueCapacity) {
        this.pending = pending;
        this.maxInFlight = Math.max(1, Math.min(MAX_IN_FLIGHT, queueCapacity / SHARE));
    }

    /**
     * Ends a session as soon as there is room.
     *
     * @return completes when the session is removed, its removal is given up, or this is closed
     */
    CompletableFuture<Void> end(CallSession session) {
        CompletableFuture<Void> removed = new CompletableFuture<>();
        waiting.add(new Waiting(session, removed));
        resume();
        return removed;
    }

    /** Whether no session waits for its end. */
    boolean isIdle() {
        return waiting.isEmpty();
    }

    /** Ends as many sessions as there is room for: on this thread, or on the one that does so already. */
    void resume() {
        if (resumes.getAndIncrement() > 0) {
            return;
        }
        int seen = 1;
        while (seen > 0) {
            endWhileThereIsRoom();
            seen = resumes.addAndGet(-seen);
        }
    }

    private void endWhileThereIsRoom() {
        while (closed || (inFlight.get() < maxInFlight && pending.hasRoom(inFlight.get() + 1))) {
            Waiting next = waiting.poll();
            if (next == null) {
                return;
            }
            if (closed) {
                next.removed().complete(null);
            } else {
                inFlight.incrementAndGet();
                end(next);
            }
        }
    }

    private void end(Waiting next) {
        String callId = next.session().id().callId();
        CompletableFuture<?> unused = next.session().end().whenComplete((result, thrown) -> {
            inFlight.decrementAndGet();
            CompletableFuture<?> unusedToo = pending.settled(callId)
                    .whenComplete((nothing, never) -> next.removed().complete(null));
            resume();
        });
    }

    /** Lets go of the sessions that wait. */
    @Override
    public void close() {
        closed = true;
        resume();
    }
}

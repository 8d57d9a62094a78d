package io.mediaproxy.protocol;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the commands and connections of a client: bounds its queue, and provides numbers for error messages.
 * Thread-safe.
 */
final class ClientLoad {
    private final int capacity;
    private final AtomicInteger accepted = new AtomicInteger();
    private volatile int busy;
    private volatile int idle;

    ClientLoad(int capacity) {
        this.capacity = capacity;
    }

    /** Takes a place in the queue. Returns false if it is full. */
    boolean tryAccept() {
        if (accepted.incrementAndGet() <= capacity) {
            return true;
        }
        accepted.decrementAndGet();
        return false;
    }

    /** Frees the place of a command that was answered, failed or timed out. */
    void release() {
        accepted.decrementAndGet();
    }

    /** Sets the numbers of connections. Confined to the holder of {@link IoLoop}'s turn. */
    void connections(int nowBusy, int nowIdle) {
        busy = nowBusy;
        idle = nowIdle;
    }

    int busy() {
        return busy;
    }

    int idle() {
        return idle;
    }

    /** Returns how many commands wait for a connection; approximate while other threads submit. */
    int queued() {
        return Math.max(0, accepted.get() - busy);
    }
}

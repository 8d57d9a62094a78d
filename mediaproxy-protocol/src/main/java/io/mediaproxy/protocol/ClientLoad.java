package io.mediaproxy.protocol;

import java.util.concurrent.atomic.AtomicInteger;

/** How much a client has to do: bounds its queue, and gives error messages their figures. Read from any thread. */
final class ClientLoad {
    private final int capacity;
    private final AtomicInteger accepted = new AtomicInteger();
    private volatile int busy;
    private volatile int idle;

    ClientLoad(int capacity) {
        this.capacity = capacity;
    }

    /** Takes a place in the queue, if there is one. */
    boolean tryAccept() {
        if (accepted.incrementAndGet() <= capacity) {
            return true;
        }
        accepted.decrementAndGet();
        return false;
    }

    /** Gives the place back: the command was answered, failed or timed out. */
    void release() {
        accepted.decrementAndGet();
    }

    /** Called only by who has {@link IoLoop}'s turn. */
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

    /** Commands that wait for a connection; a moment's view while others come and go. */
    int queued() {
        return Math.max(0, accepted.get() - busy);
    }
}

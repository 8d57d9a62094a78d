package io.mediaproxy.protocol;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that waits for a client's sockets and deadlines, and who may touch them when. Takes commands from a queue and
 * leaves the decisions to {@link CommandLifecycle}.
 *
 * <p>All that {@link CommandLifecycle} knows is touched only by whoever has the turn. The thread has it while it is awake, and lets go of
 * it to sleep. A caller that finds it free takes it for the moment of one step: if an idle connection is there, its command
 * goes out at once, without a detour over another thread. A caller never waits for the turn. Who has it sees to the command,
 * because everyone who lets go of it looks at the queue once more, and a caller first fills the queue and then looks for the
 * turn: one of the two sees the other.
 *
 * <p>What the sleeping thread has to do itself (connecting, completing futures, an earlier deadline) it is woken for. While all
 * connections are busy it is not: the next reply or timeout, which wakes it anyway, comes before it could do anything with one
 * more command.
 */
final class IoLoop implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(IoLoop.class);

    private final Selector selector;
    private final CommandLifecycle lifecycle;
    private final NanoClock clock;
    private final long timeoutNanos;
    private final Queue<PendingCommand> submissions = new ConcurrentLinkedQueue<>();
    private final Semaphore turn = new Semaphore(0);
    private final AtomicBoolean asleep = new AtomicBoolean();
    private final List<Connection> selected = new ArrayList<>();
    /** A field, because a method reference at each select would be garbage for each reply. */
    private final Consumer<SelectionKey> onSelected = this::note;

    /** Until when the thread sleeps if nothing wakes it. */
    private long wakeUpNanos;

    /** The same: until it is woken. */
    private boolean sleepsForGood;

    /** Why it all ends, if not by {@link #close}. */
    private @Nullable Throwable failure;

    /** There may be a connection for one more command. */
    private volatile boolean hungry;

    private volatile boolean closing;
    private volatile boolean stopped;

    IoLoop(Selector selector, CommandLifecycle lifecycle, NanoClock clock, long timeoutNanos) {
        this.selector = selector;
        this.lifecycle = lifecycle;
        this.clock = clock;
        this.timeoutNanos = timeoutNanos;
    }

    /** Hands a command over; from any thread. Returns false if the loop has ended and will never see it. */
    boolean submit(PendingCommand pending) {
        submissions.add(pending);
        if (stopped && submissions.remove(pending)) {
            return false;
        }
        while (hungry && !closing && !submissions.isEmpty() && turn.tryAcquire()) {
            step();
        }
        return true;
    }

    /** What a caller does while the thread sleeps. */
    private void step() {
        boolean needed = true;
        try {
            long now = clock.nanoTime();
            admitAll();
            needed = lifecycle.dispatchToIdle(now) || isDueBeforeWakeUp(now);
        } catch (RuntimeException | Error e) {
            failure = e;
            closing = true;
        } finally {
            letGo();
        }
        if (needed) {
            wakeUp();
        }
    }

    private boolean isDueBeforeWakeUp(long now) {
        long nanos = lifecycle.nanosToNextDeadline(now);
        return nanos != Long.MAX_VALUE && (sleepsForGood || now + nanos - wakeUpNanos < 0);
    }

    private void letGo() {
        hungry = lifecycle.hasConnectionToSpare();
        turn.release();
    }

    /** Lets the loop look at queue and clock; from any thread. */
    void wakeUp() {
        if (asleep.get() && asleep.compareAndSet(true, false)) {
            selector.wakeup();
        }
    }

    /** Lets the loop end; from any thread. */
    void close() {
        closing = true;
        wakeUp();
    }

    @Override
    public void run() {
        try {
            while (!closing) {
                turn();
            }
        } catch (IOException | RuntimeException | Error e) {
            failure = e;
        } finally {
            end();
        }
    }

    private void turn() throws IOException {
        long now = clock.nanoTime();
        admitAll();
        for (int i = 0; i < selected.size(); i++) {
            lifecycle.onReady(selected.get(i), now);
            // At once: reading wakes a dispatcher that blocks on this socket, which has room again, and now for a
            // command.
            lifecycle.dispatch(now);
        }
        lifecycle.expire(now);
        lifecycle.dispatch(now);
        lifecycle.collectSettled();
        planSleep(now);
        asleep.set(true);
        letGo();
        try {
            lifecycle.completeCollected();
            awaitEvents();
        } finally {
            turn.acquireUninterruptibly();
        }
    }

    private void admitAll() {
        for (PendingCommand pending = submissions.poll(); pending != null; pending = submissions.poll()) {
            lifecycle.admit(pending);
        }
    }

    private void planSleep(long now) {
        long nanos = lifecycle.nanosToNextDeadline(now);
        if (nanos == Long.MAX_VALUE && !selected.isEmpty()) {
            nanos = timeoutNanos; // a command to come is due later than that: its caller need not wake anyone
        }
        sleepsForGood = nanos == Long.MAX_VALUE;
        wakeUpNanos = now + nanos;
    }

    private void awaitEvents() throws IOException {
        // A caller's continuation may have left the flag set, and a selector does not wait under an interrupted thread.
        Thread.interrupted();
        selected.clear();
        long nanos = sleepsForGood ? Long.MAX_VALUE : wakeUpNanos - clock.nanoTime();
        if (closing || nanos <= 0 || !submissions.isEmpty()) {
            selector.selectNow(onSelected);
        } else if (sleepsForGood) {
            selector.select(onSelected);
        } else {
            selector.select(onSelected, TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
        }
        asleep.set(false);
    }

    private void note(SelectionKey key) {
        selected.add((Connection) key.attachment());
    }

    private void end() {
        if (failure != null) {
            LOG.error("the dispatcher client ends: its I/O failed", failure);
        }
        stopped = true;
        admitAll();
        lifecycle.shutDown(clock.nanoTime(), failure);
        lifecycle.collectSettled();
        lifecycle.completeCollected();
        try {
            selector.close();
        } catch (IOException e) {
            LOG.warn("closing the selector", e);
        }
    }
}

package io.mediaproxy.protocol;

import io.mediaproxy.protocol.log.Log;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the sockets and deadlines of one client, on the client's only thread, and takes commands from callers.
 * Leaves all decisions to {@link CommandLifecycle}. {@link #submit}, {@link #wakeUp} and {@link #close} are for any
 * thread.
 *
 * <p>The turn guards the state of {@link CommandLifecycle}. The I/O thread holds it while it is awake and releases it
 * before it sleeps. A caller may take it, without waiting, to write its command to an idle connection: the command goes
 * out at once, without a switch to another thread.
 *
 * <p>No command is lost:
 *
 * <ol>
 *   <li>A caller adds its command to the queue, and only then tries to take the turn.
 *   <li>Every holder looks at the queue again after it released the turn: the I/O thread before it sleeps, a caller
 *       before it returns.
 *   <li>So a caller that finds the turn taken can leave: the holder has yet to release the turn, and then sees the
 *       command.
 * </ol>
 *
 * <p>No wake-up is lost: the I/O thread sets {@link #asleep}, and only then looks at the queue, the timers, the clock
 * and {@link #closing} for the last time. A caller that needs the thread after that finds the flag set and wakes the
 * selector.
 *
 * <p>The sleeping thread is woken only for work that a caller cannot do: to connect, to complete futures, to keep an
 * earlier deadline. While no connection can be had ({@link #hungry} is false) callers leave their command in the queue
 * and wake no thread: it can only go out after a reply or a timeout, and both wake the thread anyway. A holder sets the
 * flag before it releases the turn, so that its second look at the queue also finds a command of a caller that read the
 * flag too early.
 */
final class IoLoop implements Runnable {
    private static final Log LOG = Log.of(IoLoop.class);

    /** Between an Error and the next attempt, so that a lasting one does not keep a processor busy. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** Attempts to fail all commands at the end: one second, if memory has run out. */
    private static final int LAST_ATTEMPTS = 100;

    private final Selector selector;
    private final CommandLifecycle lifecycle;
    private final NanoClock clock;
    private final long timeoutNanos;
    private final Queue<PendingCommand> submissions;
    private final Semaphore turn = new Semaphore(0);
    private final AtomicBoolean asleep = new AtomicBoolean();
    private final Timers timers = new Timers();
    private final List<Connection> selected = new ArrayList<>();
    /** A field, because a method reference at each select would be garbage for each reply. */
    private final Consumer<SelectionKey> onSelected = this::addSelected;

    /** When the thread wakes up by itself. The thread plans that in its turn, callers read it in theirs. */
    private long wakeUpNanos;

    /** Whether the thread does not wake up by itself. */
    private boolean sleepsWithoutTimeout;

    /** Why the state of {@link CommandLifecycle} cannot be used any longer. Guarded by the turn. */
    private @Nullable Throwable failure;

    /** Confined to the I/O thread. */
    private long failures;

    /** Whether a caller has to look after its command, see {@link CommandLifecycle#needsCallers}. */
    private volatile boolean hungry;

    private volatile boolean closing;
    private volatile boolean stopped;

    /**
     * Creates a loop that does not run yet.
     *
     * @param submissions a concurrent queue, through which callers hand over their commands
     */
    IoLoop(
            Selector selector,
            CommandLifecycle lifecycle,
            NanoClock clock,
            long timeoutNanos,
            Queue<PendingCommand> submissions) {
        this.selector = selector;
        this.lifecycle = lifecycle;
        this.clock = clock;
        this.timeoutNanos = timeoutNanos;
        this.submissions = submissions;
    }

    /**
     * Takes a command from a caller. Throws only if memory runs out before the loop has the command.
     *
     * @return false if the loop has ended and will never see it
     */
    boolean submit(PendingCommand pending) {
        submissions.add(pending);
        if (stopped && submissions.remove(pending)) {
            return false;
        }
        while (hungry && !closing && !submissions.isEmpty() && turn.tryAcquire()) {
            writeToIdleConnections();
        }
        return true;
    }

    /** Does a caller's part while the thread sleeps. */
    private void writeToIdleConnections() {
        boolean threadIsNeeded = true;
        try {
            if (failure == null) {
                long now = clock.nanoTime();
                admitAll();
                threadIsNeeded = lifecycle.dispatchToIdle(now) || isDueBeforeWakeUp(now);
            }
        } catch (RuntimeException | Error e) {
            failure = e; // the I/O thread starts over
        } finally {
            releaseTurn();
        }
        if (threadIsNeeded) {
            wakeUp();
        }
    }

    private boolean isDueBeforeWakeUp(long now) {
        long nanos = lifecycle.nanosToNextDeadline(now);
        return nanos != Long.MAX_VALUE && (sleepsWithoutTimeout || now + nanos - wakeUpNanos < 0);
    }

    private void releaseTurn() {
        hungry = failure == null && lifecycle.needsCallers();
        turn.release();
    }

    /** Has the I/O thread run a task at this time, without the turn. */
    void runAt(long nanos, Timers.Task task) {
        timers.add(nanos, task);
        wakeUp();
    }

    /** Makes the loop look at queue and clock. */
    void wakeUp() {
        if (asleep.get() && asleep.compareAndSet(true, false)) {
            selector.wakeup();
        }
    }

    /** Makes the loop end. */
    void close() {
        closing = true;
        wakeUp();
    }

    /** Returns whether commands are taken. */
    boolean isOpen() {
        return !closing && !stopped;
    }

    @Override
    public void run() {
        try {
            while (!closing) {
                try {
                    workAndSleep();
                } catch (RuntimeException | Error e) {
                    failure = e;
                }
                if (failure != null) {
                    startOver();
                }
            }
        } catch (IOException e) {
            failure = e;
            LOG.error("the dispatcher client ends: its selector failed", e);
        } finally {
            shutDown();
        }
    }

    /** Does one round of the I/O thread. */
    void workAndSleep() throws IOException {
        long now = clock.nanoTime();
        admitAll();
        handleSelected(now);
        if (lifecycle.nanosToNextDeadline(now) <= 0) {
            // The process may have been paused since the last look at the sockets: replies come before deadlines.
            selected.clear();
            selector.selectNow(onSelected);
            handleSelected(now);
        }
        lifecycle.expire(now);
        lifecycle.dispatch(now);
        lifecycle.collectSettled();
        planSleep(now);
        asleep.set(true);
        releaseTurn();
        try {
            lifecycle.completeCollected();
            timers.runDue(clock.nanoTime());
            awaitEvents();
        } finally {
            turn.acquireUninterruptibly();
        }
    }

    private void handleSelected(long now) {
        for (int i = 0; i < selected.size(); i++) {
            lifecycle.onReady(selected.get(i), now);
            // Dispatch after each socket: a dispatcher that waits for room on this one can read again, and this
            // connection may be free.
            lifecycle.dispatch(now);
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
            nanos = timeoutNanos; // a command to come is due later than that: its caller need not wake the thread
        }
        sleepsWithoutTimeout = nanos == Long.MAX_VALUE;
        wakeUpNanos = now + nanos;
    }

    private void awaitEvents() throws IOException {
        // A continuation may have interrupted this thread, and a selector does not wait on an interrupted one.
        Thread.interrupted();
        selected.clear();
        long now = clock.nanoTime();
        long nanos = Math.min(sleepsWithoutTimeout ? Long.MAX_VALUE : wakeUpNanos - now, timers.nanosToNext(now));
        if (closing || nanos <= 0 || !submissions.isEmpty()) {
            selector.selectNow(onSelected);
        } else if (nanos == Long.MAX_VALUE) {
            selector.select(onSelected);
        } else {
            selector.select(onSelected, TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
        }
        asleep.set(false);
    }

    private void addSelected(SelectionKey key) {
        selected.add((Connection) key.attachment());
    }

    /**
     * Fails all commands in hand: the round that failed may have left any state. Tries again until there is memory for
     * that. Commands of the queue are not touched, and are sent afterwards.
     */
    private void startOver() {
        do {
            pause();
        } while (!closing && !failAll("the client failed before the reply"));
    }

    private boolean failAll(String why) {
        try {
            if (failure != null && Long.bitCount(++failures) == 1) {
                LOG.error("the dispatcher client loses the commands in hand, {} times so far", failures, failure);
            }
            asleep.set(false);
            selected.clear();
            if (stopped) {
                admitAll();
            }
            lifecycle.failAll(why, clock.nanoTime(), failure);
            lifecycle.collectSettled();
            lifecycle.completeCollected();
            failure = null;
            return true;
        } catch (RuntimeException | Error e) {
            failure = e; // logged by the next attempt
            return false;
        }
    }

    private static void pause() {
        Thread.interrupted(); // a continuation may have interrupted this thread, and an interrupted one does not pause
        LockSupport.parkNanos(PAUSE_NANOS);
    }

    private void shutDown() {
        stopped = true;
        try {
            for (int i = 0; i < LAST_ATTEMPTS && !failAll("the client was closed before the reply"); i++) {
                pause();
            }
        } finally {
            closeSelector();
        }
    }

    private void closeSelector() {
        try {
            selector.close();
        } catch (IOException e) {
            LOG.warn("closing the selector failed", e);
        }
    }
}

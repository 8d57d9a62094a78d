package io.mediaproxy.embedded.loop;

import io.mediaproxy.embedded.log.Log;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * One thread that owns channels, timers and all state that their handlers use. Thread-safe. Methods that name the
 * loop's thread are called on it only.
 *
 * <p>Other threads reach that state only with {@link #execute} and {@link #call}, so it needs no lock. Timers follow
 * the injected clock and do not fire while it stands still.
 */
public final class SelectorLoop {
    /** Handles a channel that is ready. Confined to the loop thread. */
    public interface Ready {
        /**
         * Handles the channel, including its I/O errors. After an exception the channel is closed.
         *
         * @param key of the channel
         */
        void ready(SelectionKey key);
    }

    private record Timer(long deadlineNanos, long order, Runnable action) {}

    private static final Log LOG = Log.of(SelectorLoop.class);
    private static final long LONGEST_WAIT_MILLIS = 1_000;
    /** After a failed round, so that a lasting failure does not keep a processor busy. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final Selector selector;
    private final LongSupplier clock;
    private final Thread thread;
    /** A field, because a method reference in each select would allocate an object for each packet. */
    private final Consumer<SelectionKey> onReady = this::dispatch;

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>((a, b) -> {
        int byTime = Long.signum(a.deadlineNanos() - b.deadlineNanos());
        return byTime != 0 ? byTime : Long.compare(a.order(), b.order());
    });
    private long timersMade;
    /** Confined to the loop thread. */
    private long failures;

    private volatile boolean closing;
    private volatile boolean closed;

    /**
     * Opens a loop for channels of the JDK. Its thread starts with {@link #start}.
     *
     * @param name of the thread
     * @param clock nanoseconds, as {@link System#nanoTime}
     * @throws UncheckedIOException the system has no selector left
     */
    public SelectorLoop(String name, LongSupplier clock) {
        this(name, clock, SelectorProvider.provider());
    }

    /**
     * Opens a loop. Its thread starts with {@link #start}.
     *
     * @param name of the thread
     * @param clock nanoseconds, as {@link System#nanoTime}
     * @param provider of all channels that will be registered
     * @throws UncheckedIOException the system has no selector left
     */
    public SelectorLoop(String name, LongSupplier clock, SelectorProvider provider) {
        this.clock = clock;
        try {
            this.selector = provider.openSelector();
        } catch (IOException e) {
            throw new UncheckedIOException("no selector for " + name, e);
        }
        this.thread = new Thread(this::run, name);
        this.thread.setDaemon(true);
    }

    /** Starts the thread. */
    public void start() {
        thread.start();
    }

    /**
     * Registers a channel. Called on the loop's thread, or before the start.
     *
     * @param channel to watch
     * @param operations of {@link SelectionKey}
     * @param handler called when the channel is ready
     * @return the key of the channel
     * @throws IOException the channel is closed
     */
    public SelectionKey register(SelectableChannel channel, int operations, Ready handler) throws IOException {
        channel.configureBlocking(false);
        return channel.register(selector, operations, handler);
    }

    /**
     * Runs a task on the loop's thread, in the order of the calls.
     *
     * @param task to run
     * @return false if the loop is closed and the task will not run
     */
    public boolean execute(Runnable task) {
        if (closed) {
            return false;
        }
        tasks.add(task);
        if (Thread.currentThread() != thread) {
            selector.wakeup();
        }
        // The loop may have ended between the test and the add. The side that removes the task from the queue is
        // responsible for it.
        return !closed || !tasks.remove(task);
    }

    /**
     * Runs a task on the loop's thread and waits for its result. On the loop's own thread it runs at once.
     *
     * @param <T> type of the result
     * @param task to run
     * @return its result
     * @throws IllegalStateException the loop is closed
     */
    public <T> T call(Supplier<T> task) {
        if (Thread.currentThread() == thread) {
            return task.get();
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        boolean accepted = execute(() -> {
            try {
                result.complete(task.get());
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        });
        if (!accepted) {
            throw new IllegalStateException(thread.getName() + " is closed");
        }
        return result.join();
    }

    /**
     * Runs an action when the clock has advanced by a delay. Called on the loop's thread, or before the start.
     *
     * @param delayNanos by the injected clock
     * @param action to run on the loop's thread
     */
    public void schedule(long delayNanos, Runnable action) {
        timers.add(new Timer(clock.getAsLong() + delayNanos, timersMade++, action));
    }

    /**
     * Handles the channels that are ready now, and releases the descriptors of closed channels: the JDK keeps the
     * descriptor of a registered channel open until the next select. Called on the loop's thread, from a task or a
     * timer.
     *
     * @throws UncheckedIOException the selector failed
     */
    public void selectNow() {
        try {
            selector.selectNow(onReady);
        } catch (IOException e) {
            throw new UncheckedIOException("select failed in " + thread.getName(), e);
        }
    }

    /**
     * Runs the queued tasks, then ends the thread. The owners of channels close them before. A loop that was never
     * started ends on the caller's thread.
     */
    public void close() {
        closing = true;
        if (thread.getState() == Thread.State.NEW) {
            run();
            return;
        }
        selector.wakeup();
        if (Thread.currentThread() == thread || !thread.isAlive()) {
            return;
        }
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!closing) {
                runRound();
            }
        } catch (IOException | ClosedSelectorException e) {
            LOG.error("{} ends: its selector failed", thread.getName(), e);
        } finally {
            closed = true;
            runTasks();
            try {
                selector.close();
            } catch (IOException e) {
                LOG.warn("{}: closing the selector failed", thread.getName(), e);
            }
        }
    }

    private void runRound() throws IOException {
        try {
            runTasks();
            runTimers();
            select();
        } catch (ClosedSelectorException e) {
            throw e;
        } catch (RuntimeException | Error e) { // of the clock, or because memory has run out
            onFailure(e);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private void select() throws IOException {
        long wait = millisToNextTimer();
        if (!tasks.isEmpty() || wait == 0) {
            selector.selectNow(onReady);
        } else {
            selector.select(onReady, wait);
        }
    }

    private long millisToNextTimer() {
        Timer next = timers.peek();
        if (next == null) {
            return LONGEST_WAIT_MILLIS;
        }
        long nanos = next.deadlineNanos() - clock.getAsLong();
        if (nanos <= 0) {
            return 0;
        }
        return Math.min(LONGEST_WAIT_MILLIS, TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
    }

    private void dispatch(SelectionKey key) {
        if (!key.isValid()) {
            return;
        }
        try {
            ((Ready) key.attachment()).ready(key);
        } catch (RuntimeException | Error e) {
            LOG.error("{}: a channel's handler failed, the channel is closed", thread.getName(), e);
            try {
                key.channel().close();
            } catch (IOException closing) {
                LOG.warn("{}: closing the channel failed", thread.getName(), closing);
            }
        }
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            runSafely(task);
        }
    }

    /** Runs the timers that are due by the clock. Called on the loop's thread. */
    public void runTimers() {
        long now = clock.getAsLong();
        for (Timer due = timers.peek(); due != null && due.deadlineNanos() - now <= 0; due = timers.peek()) {
            timers.remove();
            runSafely(due.action());
        }
    }

    /** Logs the first failure, the second, the fourth, the eighth and so on. */
    private void onFailure(Throwable failure) {
        if (Long.bitCount(++failures) == 1) {
            LOG.error("{}: a task failed, {} times so far", thread.getName(), failures, failure);
        }
    }

    private void runSafely(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            onFailure(e);
        }
    }
}

package io.mediaproxy.session;

import io.mediaproxy.protocol.log.Log;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs a task at a fixed delay on a lazily started daemon thread. Thread-safe. */
final class PeriodicTask implements AutoCloseable {
    private static final Log LOG = Log.of(PeriodicTask.class);

    private final String threadName;
    private final Duration interval;
    private final Runnable task;

    private @Nullable ScheduledExecutorService scheduler;
    private boolean closed;
    /** Confined to the scheduler thread. */
    private long failures;

    /** @param interval from the end of one run to the start of the next */
    PeriodicTask(String threadName, Duration interval, Runnable task) {
        this.threadName = threadName;
        this.interval = interval;
        this.task = task;
    }

    /** Starts the thread, unless it runs already or this is closed. */
    synchronized void start() {
        if (scheduler != null || closed) {
            return;
        }
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, threadName);
            thread.setDaemon(true);
            return thread;
        });
        Future<?> unused = executor.scheduleWithFixedDelay(
                this::run, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS); // until this is closed
        scheduler = executor;
    }

    private void run() {
        try {
            task.run();
        } catch (RuntimeException | Error e) { // the executor would never run the task again
            if (Long.bitCount(++failures) == 1) {
                LOG.error("a run of {} failed, {} times so far", threadName, failures, e);
            }
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (scheduler != null) {
            scheduler.shutdownNow();
        }
    }
}

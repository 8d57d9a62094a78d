package io.mediaproxy.session;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does one thing again and again, on a daemon thread of its own that starts when it is first needed. Thread-safe. */
final class PeriodicTask implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PeriodicTask.class);

    private final String threadName;
    private final Duration interval;
    private final Runnable task;

    private @Nullable ScheduledExecutorService scheduler;
    private boolean closed;

    /** @param interval from the end of one round to the beginning of the next */
    PeriodicTask(String threadName, Duration interval, Runnable task) {
        this.threadName = threadName;
        this.interval = interval;
        this.task = task;
    }

    /** Begins, unless it has or this is closed. */
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
                this::round, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS); // until this is closed
        scheduler = executor;
    }

    private void round() {
        try {
            task.run();
        } catch (RuntimeException e) { // The executor would never run it again.
            LOG.error("one round of {} failed", threadName, e);
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

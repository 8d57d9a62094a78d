package io.mediaproxy.protocol;

import io.mediaproxy.protocol.log.Log;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Tasks that the I/O thread of a client runs later, by the clock of the client. Thread-safe. */
final class Timers {
    private static final Log LOG = Log.of(Timers.class);

    /** A task for later. */
    interface Task {
        /** Returns false if the reason for the task is gone. Then nothing wakes up for it. */
        boolean isNeeded();

        /** Does the work, on the I/O thread; must not block. */
        void run();
    }

    private record Timer(long atNanos, Task task) {}

    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>((one, other) -> Long.signum(one.atNanos - other.atNanos));

    /** Adds a task. The caller has to wake up the I/O thread, which may sleep for longer. */
    synchronized void add(long atNanos, Task task) {
        timers.add(new Timer(atNanos, task));
    }

    /** Returns nanoseconds until the next task that is needed, {@link Long#MAX_VALUE} if there is none. */
    synchronized long nanosToNext(long now) {
        while (!timers.isEmpty()) {
            Timer next = timers.element();
            if (next.task.isNeeded()) {
                return next.atNanos - now;
            }
            timers.remove();
        }
        return Long.MAX_VALUE;
    }

    private synchronized @Nullable Task pollDue(long now) {
        return nanosToNext(now) <= 0 ? timers.remove().task : null;
    }

    /** Runs the tasks whose time has come. A task that fails is logged and costs no other one. */
    void runDue(long now) {
        for (Task task = pollDue(now); task != null; task = pollDue(now)) {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                LOG.error("a task of the dispatcher client failed", e);
            }
        }
    }
}

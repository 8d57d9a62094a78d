package io.mediaproxy.benchmarks.dispatchers;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Commands of callers that begin and end one call after the other without a pause.
 *
 * @param done commands that got the expected reply
 * @param failed commands that got another reply or none
 * @param time the duration of all
 */
public record Load(long done, long failed, Duration time) {
    static final Load NONE = new Load(0, 0, Duration.ZERO);

    /** Opens a connection. */
    @FunctionalInterface
    interface Door {
        Caller connect() throws IOException;
    }

    Load plus(Load other) {
        return new Load(done + other.done, failed + other.failed, time.plus(other.time));
    }

    double donePerSecond() {
        return done * 1e9 / time.toNanos();
    }

    /** Warms up the dispatcher on this socket. */
    public static void warmUp(Path socket, int connections, Duration duration)
            throws IOException, InterruptedException {
        run(() -> new DispatcherCaller(socket), connections, duration, Duration.ofSeconds(10));
    }

    /**
     * Runs callers, each on its own connection and thread; each makes at least one call.
     *
     * @param duration no call begins after this time
     * @param patience additional time for the commands that are pending then; such a command fails when it is over
     */
    static Load run(Door door, int connections, Duration duration, Duration patience)
            throws IOException, InterruptedException {
        LongAdder done = new LongAdder();
        LongAdder failed = new LongAdder();
        List<Caller> callers = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(connections);
        try {
            for (int i = 0; i < connections; i++) {
                callers.add(door.connect());
            }
            long begin = System.nanoTime();
            List<Callable<Void>> tasks = callers.stream()
                    .<Callable<Void>>map(caller -> () -> {
                        do {
                            boolean begun = caller.begin();
                            (begun ? done : failed).increment();
                            if (begun) {
                                (caller.end() ? done : failed).increment();
                            }
                        } while (System.nanoTime() - begin < duration.toNanos());
                        return null;
                    })
                    .toList();
            List<Future<Void>> ends =
                    threads.invokeAll(tasks, duration.plus(patience).toNanos(), TimeUnit.NANOSECONDS);
            Duration time = Duration.ofNanos(System.nanoTime() - begin);
            for (Future<Void> end : ends) {
                try {
                    end.get();
                } catch (CancellationException | ExecutionException e) { // out of time, or the connection is lost
                    failed.increment();
                    System.err.println("a caller failed: " + e);
                }
            }
            return new Load(done.sum(), failed.sum(), time);
        } finally {
            threads.shutdownNow();
            for (Caller caller : callers) {
                caller.close();
            }
        }
    }
}

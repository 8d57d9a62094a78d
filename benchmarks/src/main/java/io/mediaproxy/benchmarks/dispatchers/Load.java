package io.mediaproxy.benchmarks.dispatchers;

import java.io.IOException;
import java.time.Duration;
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
 * Callers at work, a thread each, that begin and end one call after another for some time, and each one call at least. They go on
 * at once when they have a reply.
 */
final class Load {
    private final LongAdder done = new LongAdder();
    private final LongAdder failed = new LongAdder();

    /**
     * Lets them work.
     *
     * @param duration after which none begins another call
     * @param patience how much longer a command may take then; it counts as failed, and with it its caller's connection
     */
    static Commands run(List<? extends Caller> callers, Duration duration, Duration patience)
            throws IOException, InterruptedException {
        Load load = new Load();
        ExecutorService threads = Executors.newFixedThreadPool(callers.size());
        try {
            long begin = System.nanoTime();
            List<Callable<Void>> works = callers.stream()
                    .<Callable<Void>>map(caller -> () -> load.work(caller, begin, duration.toNanos()))
                    .toList();
            List<Future<Void>> ends =
                    threads.invokeAll(works, duration.plus(patience).toNanos(), TimeUnit.NANOSECONDS);
            long nanos = System.nanoTime() - begin;
            for (Future<Void> end : ends) {
                load.join(end);
            }
            return new Commands(load.done.sum(), load.failed.sum(), Duration.ofNanos(nanos));
        } finally {
            threads.shutdownNow();
        }
    }

    private Void work(Caller caller, long begin, long nanos) throws IOException {
        do {
            if (count(caller.begin())) {
                count(caller.end());
            }
        } while (System.nanoTime() - begin < nanos);
        return null;
    }

    private boolean count(boolean good) {
        (good ? done : failed).increment();
        return good;
    }

    private void join(Future<Void> end) throws IOException, InterruptedException {
        try {
            end.get();
        } catch (CancellationException e) {
            failed.increment(); // the command that it waited for
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof IOException lost)) {
                throw new IllegalStateException(e.getCause());
            }
            System.err.println("a connection is lost: " + lost.getMessage());
            failed.increment();
        }
    }
}

package io.mediaproxy.benchmarks.sip;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * More calls than a contestant holds, then again the rate that it holds. The steps follow each other without a pause,
 * and the calls of a step have one second after its end to complete.
 */
record Overload(List<Step> steps) {
    /**
     * One rate.
     *
     * @param load the rate as a multiple of the rate held
     * @param seconds the duration, more than one second
     * @param after whether the overload is over
     */
    record Step(String name, double load, int seconds, boolean after) {}

    /** Returns the results of all steps. */
    List<Goodput> run(Contestant contestant, int held) throws IOException, InterruptedException {
        contestant.awaitIdle();
        List<Goodput> results = new ArrayList<>();
        List<Sipp> callers = new ArrayList<>();
        Sipp callee = contestant.callee();
        try {
            for (Step step : steps) {
                int rate = (int) Math.round(step.load * held);
                callers.add(contestant.caller(rate, rate * step.seconds));
                long begin = System.nanoTime();
                pauseUntil(begin, Calls.LAST_CALLS);
                if (callers.size() > 1) {
                    results.add(end(callers, results.size(), held));
                }
                pauseUntil(begin, Duration.ofSeconds(step.seconds));
            }
            pauseUntil(System.nanoTime(), Calls.LAST_CALLS);
            results.add(end(callers, results.size(), held));
        } finally {
            callers.forEach(Sipp::close);
            callee.close();
        }
        results.forEach(result -> System.err.println(contestant.title() + ": " + result));
        return results;
    }

    private Goodput end(List<Sipp> callers, int i, int held) throws IOException {
        return new Goodput(steps.get(i), held, callers.get(i).end());
    }

    private static void pauseUntil(long begin, Duration after) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(begin + after.toNanos() - System.nanoTime());
    }
}

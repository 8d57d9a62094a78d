package io.mediaproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * Compares the time of a task for an input and for one of four times its length. Linear work takes 4 times as long,
 * quadratic work 16 times; the limit is between the two. Of each, the shortest of many runs counts.
 */
public final class Growth {
    private static final int LIMIT = 9;
    private static final int ROUNDS = 40;
    private static final int ATTEMPTS = 4;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private Growth() {}

    /**
     * Fails if the time grows faster than the input.
     *
     * @param bytes length of the longer input
     */
    public static void assertLinear(int bytes, IntFunction<String> input, Consumer<String> task) {
        String shorter = input.apply(bytes / 4);
        String longer = input.apply(bytes);
        double growth = LIMIT;
        for (int i = 0; i < ATTEMPTS && growth >= LIMIT; i++) {
            growth = growth(shorter, longer, task);
        }
        assertThat(growth).as("growth of the time with four times the input").isLessThan(LIMIT);
    }

    private static double growth(String shorter, String longer, Consumer<String> task) {
        long leastOfShorter = Long.MAX_VALUE;
        long leastOfLonger = Long.MAX_VALUE;
        long begin = System.nanoTime();
        for (int i = 0; i < ROUNDS && System.nanoTime() - begin < PATIENCE_NANOS; i++) {
            leastOfShorter = Math.min(leastOfShorter, nanos(shorter, task));
            leastOfLonger = Math.min(leastOfLonger, nanos(longer, task));
        }
        return (double) leastOfLonger / leastOfShorter;
    }

    private static long nanos(String input, Consumer<String> task) {
        long begin = System.nanoTime();
        task.accept(input);
        return System.nanoTime() - begin;
    }
}

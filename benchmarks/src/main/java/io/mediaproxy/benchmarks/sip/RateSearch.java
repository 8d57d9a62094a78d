package io.mediaproxy.benchmarks.sip;

import java.io.IOException;

/**
 * Searches the highest rate that a contestant holds: goes up or down by a factor until one rate is held and one is
 * missed, then tries the geometric mean of the two until they are close.
 *
 * @param factor between the first rates, more than 1
 * @param close the ratio of the rate missed to the rate held at which the search ends
 * @param tries attempts before a rate counts as missed; more than one, as other load may disturb an attempt
 */
record RateSearch(double factor, double close, int tries) {
    private static final int LOWEST = 10;
    private static final int HIGHEST = 100_000;
    private static final int MOST_RATES = 12;

    /** Tries one rate. */
    @FunctionalInterface
    interface Attempt {
        boolean holds(int rate) throws IOException, InterruptedException;
    }

    /**
     * Searches from this rate on.
     *
     * @return the highest rate that was held, or 0
     */
    int run(int first, Attempt attempt) throws IOException, InterruptedException {
        int held = 0;
        int missed = HIGHEST;
        int rate = first;
        for (int i = 0; i < MOST_RATES && rate >= LOWEST && rate < HIGHEST && !isClose(held, missed); i++) {
            boolean holds = holds(rate, attempt);
            held = holds ? rate : held;
            missed = holds ? missed : rate;
            rate = next(held, missed);
        }
        return held;
    }

    private boolean holds(int rate, Attempt attempt) throws IOException, InterruptedException {
        for (int i = 0; i < tries; i++) {
            if (attempt.holds(rate)) {
                return true;
            }
        }
        return false;
    }

    private boolean isClose(int held, int missed) {
        return held > 0 && missed <= close * held;
    }

    private int next(int held, int missed) {
        double next =
                held == 0 ? missed / factor : missed == HIGHEST ? held * factor : Math.sqrt((double) held * missed);
        return (int) Math.round(next);
    }
}

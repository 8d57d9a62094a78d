package io.mediaproxy.benchmarks.sip;

import java.io.IOException;

/**
 * Searches the highest rate that a proxy holds: doubles or halves the rate until one is held and one is missed, then
 * tries the geometric mean of the two.
 *
 * @param first the first rate
 * @param halvings number of means to try; two give the highest rate within a fifth, three within a tenth
 * @param tries attempts before a rate counts as missed; more than one, as other load may disturb an attempt
 */
record RateSearch(int first, int halvings, int tries) {
    private static final int LOWEST = 10;
    private static final int HIGHEST = 100_000;

    /** Tries one rate. */
    @FunctionalInterface
    interface Attempt {
        boolean holds(int rate) throws IOException, InterruptedException;
    }

    /** Returns the highest rate that was held, or 0. */
    int run(Attempt attempt) throws IOException, InterruptedException {
        int held = 0;
        int missed = HIGHEST;
        int means = 0;
        for (int rate = first; rate >= LOWEST && rate < HIGHEST && means <= halvings; ) {
            boolean holds = false;
            for (int i = 0; i < tries && !holds; i++) {
                holds = attempt.holds(rate);
            }
            held = holds ? rate : held;
            missed = holds ? missed : rate;
            if (held == 0) {
                rate /= 2;
            } else if (missed == HIGHEST) {
                rate *= 2;
            } else {
                rate = (int) Math.round(Math.sqrt((double) held * missed));
                means++;
            }
        }
        return held;
    }
}

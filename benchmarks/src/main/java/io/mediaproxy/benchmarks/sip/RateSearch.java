package io.mediaproxy.benchmarks.sip;

import java.io.IOException;

/**
 * Looks for the highest rate that is held: doubles or halves until it has one that is and one that is not, then halves the way between
 * them, as often as it is told.
 *
 * @param first where it begins
 * @param halvings after two of them the result is within a fifth of the highest rate, after three within a tenth
 * @param tries a rate counts as missed when it was missed so often; more than once, as something else may have been going on
 */
record RateSearch(int first, int halvings, int tries) {
    private static final int LOWEST = 10;
    private static final int HIGHEST = 100_000;

    /** A try with one rate. */
    interface Attempt {
        boolean holds(int rate) throws IOException, InterruptedException;
    }

    /** The highest rate that was held, or 0. */
    int run(Attempt attempt) throws IOException, InterruptedException {
        int held = 0;
        int missed = HIGHEST;
        for (int rate = first; rate >= LOWEST && rate < HIGHEST; rate = held == 0 ? rate / 2 : rate * 2) {
            if (holds(attempt, rate)) {
                held = rate;
            } else {
                missed = rate;
            }
            if (held > 0 && missed < HIGHEST) {
                break;
            }
        }
        for (int i = 0; i < halvings && held > 0 && missed < HIGHEST; i++) {
            int rate = (int) Math.round(Math.sqrt((double) held * missed));
            if (holds(attempt, rate)) {
                held = rate;
            } else {
                missed = rate;
            }
        }
        return held;
    }

    private boolean holds(Attempt attempt, int rate) throws IOException, InterruptedException {
        for (int i = 0; i < tries; i++) {
            if (attempt.holds(rate)) {
                return true;
            }
        }
        return false;
    }
}

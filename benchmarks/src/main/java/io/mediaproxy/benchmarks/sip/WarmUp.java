package io.mediaproxy.benchmarks.sip;

import io.mediaproxy.benchmarks.report.Condition;
import java.io.IOException;

/**
 * Repeats a round until its processor time for a call changes by little: the JIT has compiled what it will compile.
 *
 * @param most the number of rounds after which it ends in any case, at least two
 */
record WarmUp(int most) {
    private static final double PERCENT = 100;

    /** One round; returns its processor time for a call. */
    @FunctionalInterface
    interface Round {
        double cpuPerCall() throws IOException, InterruptedException;
    }

    /**
     * The end of a warm-up.
     *
     * @param percent change between the last two rounds
     */
    record Result(int rounds, double percent) {
        boolean isSettled() {
            return Condition.LAST_CHANGE.isMet(percent);
        }
    }

    Result run(Round round) throws IOException, InterruptedException {
        double before = round.cpuPerCall();
        Result result = new Result(1, PERCENT);
        while (result.rounds < most && !result.isSettled()) {
            double now = round.cpuPerCall();
            result = new Result(result.rounds + 1, PERCENT * Math.abs(now - before) / before);
            before = now;
        }
        return result;
    }
}

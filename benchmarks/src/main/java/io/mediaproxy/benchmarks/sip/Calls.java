package io.mediaproxy.benchmarks.sip;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Calls at one rate, counted by both of their ends.
 *
 * @param rate calls per second to make
 * @param asked number of calls to make
 * @param counts of the caller
 * @param sentAgain messages that either end sent again
 * @param begun calls per second that began; sipp does not always reach the rate
 * @param answers time from INVITE to 200, in ms
 * @param cpu processor time of both ends
 */
record Calls(int rate, int asked, Counts counts, long sentAgain, double begun, Histogram answers, Duration cpu) {
    /** The time for the last calls to complete; at a rate that is held they need a tenth of a second. */
    static final Duration LAST_CALLS = Duration.ofSeconds(1);

    private static final double LEAST_BEGUN = 0.97;
    private static final double MOST_FAILED = 0.0001;
    private static final double MOST_SENT_AGAIN = 0.001;
    private static final long LOOK_MILLIS = 50;

    /** Returns the calls that were neither completed nor refused. */
    long failed() {
        return asked - counts.successful();
    }

    /** Returns the calls that completed without a relay in both directions. */
    long withoutRelay() {
        return counts.completed() - counts.relayed();
    }

    /**
     * Returns whether the rate is held: sipp reached it, hardly a call failed or was refused, hardly a message was sent
     * again, and every call had its relay.
     *
     * @param relay whether the calls go through a proxy, which has to give them a relay
     */
    boolean held(boolean relay) {
        return begun >= LEAST_BEGUN * rate
                && isFew(asked, failed() + counts.refused(), sentAgain)
                && (!relay || withoutRelay() == 0);
    }

    private static boolean isFew(int asked, long failed, long sentAgain) {
        return failed <= MOST_FAILED * asked && sentAgain <= MOST_SENT_AGAIN * asked;
    }

    long millis(double percentile) {
        return answers.getValueAtPercentile(percentile);
    }

    /**
     * Makes calls for some seconds.
     *
     * @param patience the time for the last calls to complete; those that do not are failed
     */
    static Calls make(Contestant contestant, int rate, int seconds, Duration patience)
            throws IOException, InterruptedException {
        return make(contestant, rate, seconds, patience, false);
    }

    /** Makes calls for some seconds, or until it is certain that the rate is not held. */
    static Calls makeWhileHeld(Contestant contestant, int rate, int seconds) throws IOException, InterruptedException {
        return make(contestant, rate, seconds, LAST_CALLS, true);
    }

    /** Both ends are new processes, so that messages of an earlier run do not reach them. */
    private static Calls make(Contestant contestant, int rate, int seconds, Duration patience, boolean whileHeld)
            throws IOException, InterruptedException {
        int asked = rate * seconds;
        long end =
                System.nanoTime() + Duration.ofSeconds(seconds).plus(patience).toNanos();
        try (Sipp callee = contestant.callee();
                Sipp caller = contestant.caller(rate, asked)) {
            Duration cpu = Duration.ZERO;
            while (caller.isAlive() && System.nanoTime() - end < 0 && !(whileHeld && isMissed(asked, caller, callee))) {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
                Duration now = caller.running().cpu().plus(callee.running().cpu());
                cpu = now.compareTo(cpu) > 0 ? now : cpu; // a process that has ended has no time any longer
            }
            Counts made = caller.end();
            long sentAgain = made.sentAgain() + callee.end().sentAgain();
            Histogram answers = new Histogram(3);
            double begun = caller.readAnswers(answers);
            return new Calls(rate, asked, made, sentAgain, begun, answers, cpu);
        }
    }

    private static boolean isMissed(int asked, Sipp caller, Sipp callee) throws IOException {
        Counts counts = caller.counts();
        return !isFew(
                asked,
                counts.failed() + counts.refused(),
                counts.sentAgain() + callee.counts().sentAgain());
    }

    @Override
    public String toString() {
        return rate + " calls/s: " + Math.round(begun) + "/s begun, " + counts.completed() + " of " + asked
                + " completed, "
                + counts.refused() + " refused, " + sentAgain + " messages sent again, " + withoutRelay()
                + " without a relay, median " + millis(50) + " ms, 99 % " + millis(99) + " ms";
    }
}

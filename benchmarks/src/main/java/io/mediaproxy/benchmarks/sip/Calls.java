package io.mediaproxy.benchmarks.sip;

import io.mediaproxy.benchmarks.process.RunningProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Calls at one rate, measured by both of their ends.
 *
 * @param rate calls per second to make
 * @param begun calls per second that began; sipp does not always reach the rate
 * @param failed calls with an unexpected or missing message
 * @param retransmissions messages that were sent again
 * @param answers time from INVITE to 200, in ms
 * @param cpu processor time of both ends
 */
record Calls(int rate, double begun, long failed, long retransmissions, Histogram answers, Duration cpu) {
    private static final double ENOUGH = 0.97;
    private static final Duration LAST_CALLS = Duration.ofSeconds(1);
    private static final long LOOK_MILLIS = 50;

    /** Returns whether all calls began in time and completed without a failure or a retransmission. */
    boolean complete() {
        return failed == 0 && retransmissions == 0 && begun >= ENOUGH * rate;
    }

    long millis(double percentile) {
        return answers.getValueAtPercentile(percentile);
    }

    /**
     * Makes calls for some seconds, or until the first one fails. Both ends are new processes, so that messages of an
     * earlier run do not reach them.
     *
     * @param to the port of the proxy
     * @param next the port of the callee
     */
    static Calls make(Path folder, int to, int next, int rate, int seconds) throws IOException, InterruptedException {
        int calls = rate * seconds;
        long end =
                System.nanoTime() + Duration.ofSeconds(seconds).plus(LAST_CALLS).toNanos();
        try (Sipp callee = Sipp.callee(folder, next, calls);
                Sipp caller = Sipp.caller(folder, RunningProcess.freePort(), to, rate, calls)) {
            Duration cpu = Duration.ZERO;
            while (caller.running().process().isAlive()
                    && System.nanoTime() - end < 0
                    && caller.failures() + caller.retransmissions() == 0) {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
                Duration now = caller.running().cpu().plus(callee.running().cpu());
                cpu = now.compareTo(cpu) > 0 ? now : cpu; // a process that has ended has no time any longer
            }
            boolean ended =
                    !caller.running().process().isAlive() && callee.running().ends(LAST_CALLS);
            long failed = caller.failures() + callee.failures();
            long retransmissions = caller.retransmissions() + callee.retransmissions();
            Histogram answers = new Histogram(3);
            double begun = ended ? caller.readAnswers(answers) : 0;
            return new Calls(rate, begun, ended ? failed : Math.max(1, failed), retransmissions, answers, cpu);
        }
    }
}

package io.mediaproxy.benchmarks.sip;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Calls at one rate, as both their ends saw them.
 *
 * @param rate calls per second that were asked for
 * @param begun calls per second that were begun: sipp does not always come up to its rate
 * @param failed calls that did not go as they should
 * @param retransmissions messages that had to be sent again
 * @param medianMillis from the INVITE to its 200
 * @param slowMillis the same, for all calls but one in a hundred
 * @param cpu what both ends took
 */
record Calls(
        int rate,
        double begun,
        long failed,
        long retransmissions,
        double medianMillis,
        double slowMillis,
        Duration cpu) {
    private static final double ENOUGH = 0.97;
    private static final Duration LAST_CALLS = Duration.ofSeconds(1);
    private static final long LOOK_MILLIS = 50;

    /** Whether all were begun in time, and went as they should at the first try. */
    boolean went() {
        return failed == 0 && retransmissions == 0 && begun >= ENOUGH * rate;
    }

    /**
     * Makes calls for some seconds, with both ends new: nothing that an earlier run has left over is sent to them or by them. Given
     * up as soon as one has failed.
     *
     * @param to the proxy's port
     * @param next the callee's
     */
    static Calls make(Path folder, int to, int next, int rate, int seconds) throws IOException, InterruptedException {
        int calls = rate * seconds;
        Duration patience = Duration.ofSeconds(seconds).plus(LAST_CALLS);
        long begin = System.nanoTime();
        try (Sipp callee = Sipp.callee(folder, next, calls);
                Sipp caller = Sipp.caller(folder, Ports.free(), to, rate, calls)) {
            Duration cpu = Duration.ZERO;
            while (caller.isAlive()
                    && System.nanoTime() - begin < patience.toNanos()
                    && caller.failures() + caller.retransmissions() == 0) {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
                Duration now = caller.cpu().plus(callee.cpu());
                cpu = now.compareTo(cpu) > 0 ? now : cpu; // what has ended counts no more
            }
            boolean complete = !caller.isAlive() && callee.ends(LAST_CALLS);
            long failed = caller.failures() + callee.failures();
            long retransmissions = caller.retransmissions() + callee.retransmissions();
            return complete
                    ? of(rate, failed, retransmissions, caller.answers(), cpu)
                    : new Calls(rate, 0, Math.max(1, failed), retransmissions, Double.NaN, Double.NaN, cpu);
        }
    }

    private static Calls of(int rate, long failed, long retransmissions, List<Sipp.Answer> answers, Duration cpu) {
        double[] times =
                answers.stream().mapToDouble(Sipp.Answer::afterMillis).sorted().toArray();
        return new Calls(
                rate, begun(answers), failed, retransmissions, percentile(times, 0.5), percentile(times, 0.99), cpu);
    }

    private static double begun(List<Sipp.Answer> answers) {
        double first =
                answers.stream().mapToDouble(Sipp.Answer::askedMillis).min().orElse(0);
        double last =
                answers.stream().mapToDouble(Sipp.Answer::askedMillis).max().orElse(0);
        return answers.size() < 2 ? 0 : TimeUnit.SECONDS.toMillis(1) * (answers.size() - 1) / (last - first);
    }

    private static double percentile(double[] sorted, double share) {
        return sorted.length == 0 ? Double.NaN : sorted[Math.min(sorted.length - 1, (int) (sorted.length * share))];
    }
}

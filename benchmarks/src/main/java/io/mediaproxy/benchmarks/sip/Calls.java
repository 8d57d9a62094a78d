package io.mediaproxy.benchmarks.sip;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One run of sipp.
 *
 * @param rate calls per second that were begun
 * @param failed calls that did not go as they should
 * @param retransmissions messages that had to be sent again
 * @param medianMillis from the INVITE to its 200
 * @param slowMillis the same, for all calls but one in a hundred
 */
record Calls(int rate, long failed, long retransmissions, double medianMillis, double slowMillis) {
    private static final int PATIENCE_SECONDS = 60;

    /** Whether the proxy held that rate. */
    boolean held() {
        return failed == 0 && retransmissions == 0;
    }

    /** Sends calls at a rate for some seconds. */
    static Calls run(Path folder, int from, int to, int rate, int seconds) throws IOException, InterruptedException {
        Path work = Files.createTempDirectory(folder, "calls");
        Path scenario = Path.of("benchmarks", "sip", "caller.xml").toAbsolutePath();
        Process sipp = new ProcessBuilder(
                        "sipp",
                        "127.0.0.1:" + to,
                        "-sf",
                        scenario.toString(),
                        "-s",
                        "callee",
                        "-i",
                        "127.0.0.1",
                        "-p",
                        String.valueOf(from),
                        "-r",
                        String.valueOf(rate),
                        "-m",
                        String.valueOf(rate * seconds),
                        "-l",
                        "100000",
                        "-nostdin",
                        "-timeout",
                        PATIENCE_SECONDS + "s",
                        "-trace_stat",
                        "-stf",
                        "calls.csv",
                        "-fd",
                        "1",
                        "-trace_rtt",
                        "-rtt_freq",
                        "1")
                .directory(work.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (!sipp.waitFor(2L * PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                return new Calls(rate, (long) rate * seconds, 0, Double.NaN, Double.NaN); // calls that never end
            }
        } finally {
            sipp.destroyForcibly();
        }
        double[] times = times(work);
        return new Calls(
                rate,
                column(work, "FailedCall(C)"),
                column(work, "Retransmissions(C)"),
                percentile(times, 0.5),
                percentile(times, 0.99));
    }

    private static long column(Path work, String name) throws IOException {
        List<String> lines = Files.readAllLines(work.resolve("calls.csv"));
        int column = List.of(lines.get(0).split(";", -1)).indexOf(name);
        return Long.parseLong(lines.get(lines.size() - 1).split(";", -1)[column]);
    }

    private static double[] times(Path work) throws IOException {
        try (Stream<Path> files = Files.list(work)) {
            Path file = files.filter(path -> path.toString().endsWith("_rtt.csv"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("sipp has measured no call"));
            return Files.readAllLines(file).stream()
                    .skip(1)
                    .map(line -> line.split(";", -1))
                    .mapToDouble(cells -> Double.parseDouble(cells[1]))
                    .sorted()
                    .toArray();
        }
    }

    private static double percentile(double[] sorted, double share) {
        return sorted.length == 0 ? Double.NaN : sorted[Math.min(sorted.length - 1, (int) (sorted.length * share))];
    }
}

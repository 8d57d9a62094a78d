package io.mediaproxy.benchmarks.sip;

import io.mediaproxy.benchmarks.process.RunningProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/** A sipp process with one scenario, and the folder of its files. */
record Sipp(Path folder, RunningProcess running) implements AutoCloseable {
    private static final String COUNTS = "counts.csv";
    private static final int MOST_CALLS_AT_A_TIME = 100_000;
    /** As large as the proxies'. With its default of 64 KiB, sipp loses messages while it waits for a processor. */
    private static final int BUFFER_BYTES = 2 * 1024 * 1024;

    /** Answers calls until it is closed. */
    static Sipp callee(Path parent, int port) throws IOException, InterruptedException {
        return start(parent, "callee", port, "");
    }

    /**
     * Makes a number of calls, and ends with the last one. Children of a proxy overtake each other: a 180 in the pause
     * after its 200 is no failure.
     */
    static Sipp caller(Path parent, int port, int to, int rate, int calls) throws IOException, InterruptedException {
        String options = " -r %d -m %d -l %d -pause_msg_ign -trace_rtt -rtt_freq 1 -s callee 127.0.0.1:%d";
        return start(parent, "caller", port, options.formatted(rate, calls, MOST_CALLS_AT_A_TIME, to));
    }

    private static Sipp start(Path parent, String name, int port, String options)
            throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(parent, name);
        Path scenario = Path.of("benchmarks", "sip", name + ".xml").toAbsolutePath();
        String common = "-i 127.0.0.1 -p %d -buff_size %d -nostdin -trace_stat -stf %s -fd 200ms"
                .formatted(port, BUFFER_BYTES, COUNTS);
        List<String> command = new ArrayList<>(List.of("sipp", "-sf", scenario.toString()));
        command.addAll(List.of((common + options).split(" ")));
        return new Sipp(folder, RunningProcess.onPort(folder, name, port, command));
    }

    boolean isAlive() {
        return running.process().isAlive();
    }

    /** Returns the counts of a moment ago. */
    Counts counts() throws IOException {
        Path file = folder.resolve(COUNTS);
        return Files.exists(file) ? Counts.of(Files.readString(file)) : Counts.NONE;
    }

    /** Ends the process, unless it has ended, and returns all counts. */
    Counts end() throws IOException {
        close();
        return counts();
    }

    /** Adds the times from INVITE to 200, in ms, to a histogram; returns the calls per second that began. */
    double readAnswers(Histogram answers) throws IOException {
        DoubleSummaryStatistics begins = new DoubleSummaryStatistics();
        Optional<Path> file;
        try (Stream<Path> files = Files.list(folder)) {
            file = files.filter(path -> path.toString().endsWith("_rtt.csv")).findFirst();
        }
        String text = file.isPresent() ? Files.readString(file.get()) : "";
        String complete = text.substring(0, text.lastIndexOf('\n') + 1);
        for (String line : complete.lines().skip(1).toList()) {
            String[] cells = line.split(";", -1); // ms from the start of sipp, and from the INVITE, to the 200
            double millis = Double.parseDouble(cells[1]);
            answers.recordValue(Math.round(millis));
            begins.accept(Double.parseDouble(cells[0]) - millis);
        }
        double seconds = (begins.getMax() - begins.getMin()) / TimeUnit.SECONDS.toMillis(1);
        return begins.getCount() < 2 ? 0 : (begins.getCount() - 1) / seconds;
    }

    @Override
    public void close() {
        running.close();
    }
}

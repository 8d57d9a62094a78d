package io.mediaproxy.benchmarks.sip;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** One sipp with one scenario, which ends by itself after so many calls; closing ends it before. */
final class Sipp implements AutoCloseable {
    private static final String COUNTS = "counts.csv";
    /** As the proxies have: with its default of 64 KiB sipp loses what comes while it has no processor, and blames the proxy. */
    private static final String BUFFER_BYTES = "2097152";

    private final Path folder;
    private final RunningProcess running;

    private Sipp(Path folder, RunningProcess running) {
        this.folder = folder;
        this.running = running;
    }

    /** Takes calls. */
    static Sipp callee(Path parent, int port, int calls) throws IOException, InterruptedException {
        return start(parent, "callee", port, calls, List.of());
    }

    /** Makes calls. */
    static Sipp caller(Path parent, int port, int to, int rate, int calls) throws IOException, InterruptedException {
        List<String> options = List.of(
                "-r",
                String.valueOf(rate),
                "-l", // calls at a time
                "100000",
                // The children of a proxy overtake each other: a 180 in the pause behind its 200 is no failure.
                "-pause_msg_ign",
                "-trace_rtt",
                "-rtt_freq",
                "1",
                "-s",
                "callee",
                "127.0.0.1:" + to);
        return start(parent, "caller", port, calls, options);
    }

    private static Sipp start(Path parent, String name, int port, int calls, List<String> options)
            throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(parent, name);
        Path scenario = Path.of("benchmarks", "sip", name + ".xml").toAbsolutePath();
        List<String> command = new ArrayList<>(List.of(
                "sipp",
                "-sf",
                scenario.toString(),
                "-i",
                "127.0.0.1",
                "-p",
                String.valueOf(port),
                "-m",
                String.valueOf(calls),
                "-buff_size",
                BUFFER_BYTES,
                "-nostdin",
                "-trace_stat",
                "-stf",
                COUNTS,
                "-fd",
                "1"));
        command.addAll(options);
        return new Sipp(folder, RunningProcess.onPort(folder, name, port, command));
    }

    boolean isAlive() {
        return running.process().isAlive();
    }

    /** Waits for its end. Whether it came. */
    boolean ends(Duration patience) throws InterruptedException {
        return running.ends(patience);
    }

    Duration cpu() {
        return running.cpu();
    }

    /** Calls that did not go as they should, so far. */
    long failures() throws IOException {
        return count("FailedCall(C)");
    }

    /** Messages that had to be sent again, so far. */
    long retransmissions() throws IOException {
        return count("Retransmissions(C)");
    }

    /** sipp writes its counts every second, and at its end; 0 before. */
    private long count(String name) throws IOException {
        Path file = folder.resolve(COUNTS);
        if (!Files.exists(file)) {
            return 0;
        }
        String text = Files.readString(file);
        List<String> lines =
                text.substring(0, text.lastIndexOf('\n') + 1).lines().toList(); // what is complete
        if (lines.size() < 2) {
            return 0;
        }
        int column = List.of(lines.get(0).split(";", -1)).indexOf(name);
        return Long.parseLong(lines.get(lines.size() - 1).split(";", -1)[column]);
    }

    /** Of the calls that were answered, in the order of the answers. */
    List<Answer> answers() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            Path file = files.filter(path -> path.toString().endsWith("_rtt.csv"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("sipp has measured no call"));
            return Files.readAllLines(file).stream().skip(1).map(Answer::of).toList();
        }
    }

    /**
     * The answer to an INVITE.
     *
     * @param atMillis since sipp began
     * @param afterMillis since the INVITE; sipp's clock has steps of 4 ms
     */
    record Answer(double atMillis, double afterMillis) {
        private static Answer of(String line) {
            String[] cells = line.split(";", -1);
            return new Answer(Double.parseDouble(cells[0]), Double.parseDouble(cells[1]));
        }

        double askedMillis() {
            return atMillis - afterMillis;
        }
    }

    @Override
    public void close() {
        running.close();
    }
}

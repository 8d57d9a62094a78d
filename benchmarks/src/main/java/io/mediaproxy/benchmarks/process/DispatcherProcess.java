package io.mediaproxy.benchmarks.process;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.embedded.EmbeddedRelay;
import io.mediaproxy.embedded.report.DispatcherCounters;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * The embedded dispatcher with one relay in a separate process, so that it uses the same resources for every client.
 * The process prints its counters for each line on standard input, and ends at the end of the input. Not thread-safe.
 */
public record DispatcherProcess(RunningProcess running, BufferedReader answers, OutputStream questions)
        implements AutoCloseable {
    private static final int LOOK_MILLIS = 200;
    private static final int PATIENCE_SECONDS = 30;

    /** Shorter than any call, so that the sessions of a missed rate are gone before the next rate. */
    private static final Duration STREAM_TIMEOUT = Duration.ofSeconds(1);

    /** Commands and error replies since its start, and the sessions alive now. */
    public record Counters(long commands, long errors, long sessions) {}

    /** Runs in the separate process; the argument is the path of the socket. */
    public static void main(String[] arguments) throws Exception {
        try (EmbeddedRelay relay =
                        EmbeddedRelay.builder().streamTimeout(STREAM_TIMEOUT).start();
                EmbeddedDispatcher dispatcher = EmbeddedDispatcher.builder()
                        .socket(Path.of(arguments[0]))
                        .relays(relay)
                        .start()) {
            for (int read = System.in.read(); read >= 0; read = System.in.read()) {
                if (read == '\n') {
                    DispatcherCounters counters = dispatcher.counters();
                    System.out.println(counters.commands() + " " + counters.errors() + " " + counters.liveSessions());
                }
            }
        }
    }

    /** Starts it and waits until it listens on this socket. */
    public static DispatcherProcess start(Path socket) throws IOException {
        ProcessBuilder command = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        DispatcherProcess.class.getName(),
                        socket.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        command.environment().remove("JDK_JAVA_OPTIONS"); // options of the proxies that use it
        Process process = command.start();
        RunningProcess running = new RunningProcess(process.toHandle());
        DispatcherProcess dispatcher = new DispatcherProcess(running, process.inputReader(), process.getOutputStream());
        dispatcher.counters();
        return dispatcher;
    }

    private Counters counters() throws IOException {
        questions.write('\n');
        questions.flush();
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("the dispatcher has ended");
        }
        long[] figures =
                Arrays.stream(line.split(" ")).mapToLong(Long::parseLong).toArray();
        return new Counters(figures[0], figures[1], figures[2]);
    }

    /** Waits until it has no sessions and receives no commands; fails after half a minute. */
    public Counters awaitIdle() throws IOException, InterruptedException {
        Counters before = counters();
        for (int i = 0; i < TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS) / LOOK_MILLIS; i++) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            Counters now = counters();
            if (now.equals(before) && now.sessions() == 0) {
                return now;
            }
            before = now;
        }
        throw new IOException("the dispatcher is still busy after " + PATIENCE_SECONDS + " s: " + before);
    }

    @Override
    public void close() {
        running.close();
    }
}

package io.mediaproxy.benchmarks.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * A {@link DispatcherMain} as a separate process, so that it uses the same resources for every client. Not thread-safe.
 */
public final class DispatcherProcess implements AutoCloseable {
    private static final int LOOK_MILLIS = 200;
    private static final int PATIENCE_SECONDS = 30;

    private final RunningProcess running;
    private final BufferedReader answers;
    private final OutputStream questions;

    /**
     * Its counters.
     *
     * @param commands since its start
     * @param errors replies {@code error} since its start
     * @param sessions alive now
     */
    public record Counters(long commands, long errors, long sessions) {}

    private DispatcherProcess(Process process) {
        running = new RunningProcess(process.toHandle());
        answers = process.inputReader();
        questions = process.getOutputStream();
    }

    /** Starts it and waits until it listens on this socket. */
    public static DispatcherProcess start(Path socket) throws IOException {
        DispatcherProcess dispatcher = new DispatcherProcess(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        DispatcherMain.class.getName(),
                        socket.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
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

    /**
     * Waits until it has no sessions and receives no commands, so that nothing is left of earlier calls.
     *
     * @throws IOException if that takes longer than half a minute
     */
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

    /** Returns the process. */
    public RunningProcess running() {
        return running;
    }

    @Override
    public void close() {
        running.close();
    }
}

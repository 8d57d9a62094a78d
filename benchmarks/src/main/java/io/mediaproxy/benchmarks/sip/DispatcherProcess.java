package io.mediaproxy.benchmarks.sip;

import io.mediaproxy.protocol.DispatcherClient;
import io.mediaproxy.protocol.DispatcherConfig;
import io.mediaproxy.protocol.MediaStream;
import io.mediaproxy.protocol.RemoveCommand;
import io.mediaproxy.protocol.UpdateCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The dispatcher that all proxies ask. Closing ends it. */
final class DispatcherProcess implements AutoCloseable {
    private static final int WARM_UP_CALLS = 10_000;
    private static final int LOOK_MILLIS = 200;
    private static final int PATIENCE_SECONDS = 30;

    private final RunningProcess running;
    private final BufferedReader answers;
    private final OutputStream questions;

    /**
     * What it has counted.
     *
     * @param commands since its start
     * @param errors replies that said so, since its start
     * @param sessions alive
     */
    record Counters(long commands, long errors, int sessions) {}

    private DispatcherProcess(Process process) {
        running = new RunningProcess(process.toHandle());
        answers = process.inputReader();
        questions = process.getOutputStream();
    }

    static DispatcherProcess start(Path socket) throws IOException {
        DispatcherProcess dispatcher = new DispatcherProcess(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        DispatcherMain.class.getName(),
                        socket.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
        dispatcher.read(); // "ready"
        return dispatcher;
    }

    private String read() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("the dispatcher has ended");
        }
        return line;
    }

    /** Has it make and remove sessions until its code is compiled: the first proxy would have to wait for that. */
    void warmUp(Path socket) {
        try (DispatcherClient client =
                DispatcherClient.open(DispatcherConfig.builder(socket).build())) {
            for (int i = 0; i < WARM_UP_CALLS; i++) {
                UpdateCommand offer = offer("warm-up-" + i);
                client.update(offer).join();
                client.remove(new RemoveCommand(offer.callId(), offer.fromTag(), offer.toTag()))
                        .join();
            }
        }
    }

    private static UpdateCommand offer(String callId) {
        return UpdateCommand.builder(UpdateCommand.Type.REQUEST)
                .callId(callId)
                .cseq("1")
                .fromUri("caller@127.0.0.1")
                .toUri("callee@127.0.0.1")
                .fromTag("from")
                .userAgent("caller")
                .signalingIp("127.0.0.1")
                .media(List.of(new MediaStream("audio", "10.11.12.13", 40_000, "sendrecv", false)))
                .build();
    }

    Counters counters() throws IOException {
        questions.write('\n');
        questions.flush();
        List<String> figures = List.of(read().split(" ", -1));
        return new Counters(
                Long.parseLong(figures.get(0)), Long.parseLong(figures.get(1)), Integer.parseInt(figures.get(2)));
    }

    /**
     * Waits until it has no session and is asked nothing more: then nothing is left of earlier calls.
     *
     * @throws IOException if that does not come
     */
    Counters idle() throws IOException, InterruptedException {
        Counters before = counters();
        for (int i = 0; i < TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS) / LOOK_MILLIS; i++) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            Counters now = counters();
            if (now.equals(before) && now.sessions() == 0) {
                return now;
            }
            before = now;
        }
        throw new IOException("the dispatcher does not come to rest: " + before);
    }

    Duration cpu() {
        return running.cpu();
    }

    @Override
    public void close() {
        running.close();
    }
}

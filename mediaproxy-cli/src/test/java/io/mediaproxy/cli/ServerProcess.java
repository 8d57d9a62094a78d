package io.mediaproxy.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server of the command in a separate process, on a free port. It listens when the constructor returns. */
final class ServerProcess implements AutoCloseable {
    private static final String LISTENING = "listening on 127.0.0.1:";
    private static final long PATIENCE_SECONDS = 30;

    private final Process process;
    private final BufferedReader out;
    private final String greeting;
    private final InetSocketAddress address;

    ServerProcess(String... arguments) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of("-cp", classPath, MediaProxyCommand.class.getName()));
        command.addAll(List.of(arguments));
        command.add("--listen=127.0.0.1:0");
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        out = process.inputReader(StandardCharsets.UTF_8);
        String line = out.readLine();
        if (line == null || !line.startsWith(LISTENING)) {
            process.destroyForcibly();
            throw new IOException("the server did not start: " + line);
        }
        greeting = line;
        int port = Integer.parseInt(line.substring(LISTENING.length(), line.indexOf(',')));
        address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Returns the first line of its output. */
    String greeting() {
        return greeting;
    }

    InetSocketAddress address() {
        return address;
    }

    /** The processor time that it has used so far. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Ends it as {@code kill} does. Returns the rest of its output. */
    List<String> terminate() throws InterruptedException {
        process.toHandle().destroy(); // not process.destroy(), which would close its output
        List<String> lines = out.lines().toList();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the server does not end");
        }
        return lines;
    }

    int exitCode() {
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}

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

/** {@code mediaproxy proxy} in a process of its own, on a port that the system chose; listens when it is made. */
final class ProxyProcess implements AutoCloseable {
    private static final String LISTENING = "listening on 127.0.0.1:";
    private static final long PATIENCE_SECONDS = 30;

    private final Process process;
    private final BufferedReader out;
    private final InetSocketAddress address;

    ProxyProcess(String... arguments) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of("-cp", classPath, MediaProxyCommand.class.getName()));
        command.addAll(List.of("proxy", "--listen=127.0.0.1:0", "--statistics-interval=0"));
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        out = process.inputReader(StandardCharsets.UTF_8);
        String line = out.readLine();
        if (line == null || !line.startsWith(LISTENING)) {
            process.destroyForcibly();
            throw new IOException("the proxy did not start: " + line);
        }
        int port = Integer.parseInt(line.substring(LISTENING.length(), line.indexOf(',')));
        address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    InetSocketAddress address() {
        return address;
    }

    /** What it has used of the processors so far. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Ends it as {@code kill} does, and gives back the rest of what it printed. */
    List<String> terminate() throws InterruptedException {
        process.toHandle().destroy(); // and not the process itself, which would close what it prints
        List<String> lines = out.lines().toList();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the proxy does not end");
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

package io.mediaproxy.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A server of the command in a separate process, on a free port. It listens when the constructor returns. */
final class ServerProcess implements AutoCloseable {
    private static final Pattern LISTENING = Pattern.compile("listening on ([0-9.]+):([0-9]+),.*");
    private static final long PATIENCE_SECONDS = 30;

    private final Process process;
    private final BufferedReader out;
    private final String greeting;
    private final InetSocketAddress address;

    ServerProcess(String... arguments) throws IOException {
        this(List.of(), ProcessBuilder.Redirect.INHERIT, arguments);
    }

    /**
     * Starts the server with options for its JVM.
     *
     * @param errors where its standard error goes
     */
    ServerProcess(List<String> options, ProcessBuilder.Redirect errors, String... arguments) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, MediaProxyCommand.class.getName()));
        command.addAll(List.of(arguments));
        if (Arrays.stream(arguments).noneMatch(argument -> argument.startsWith("--listen="))) {
            command.add("--listen=127.0.0.1:0");
        }
        if (arguments[0].equals("proxy")
                && Arrays.stream(arguments).noneMatch(argument -> argument.startsWith("--warm-up="))) {
            command.add("--warm-up=0"); // its first calls may be slow, but it starts two seconds earlier
        }
        process = new ProcessBuilder(command).redirectError(errors).start();
        out = process.inputReader(StandardCharsets.UTF_8);
        String line = out.readLine();
        Matcher listening = LISTENING.matcher(String.valueOf(line));
        if (!listening.matches()) {
            process.destroyForcibly();
            throw new IOException("the server did not start: " + line);
        }
        address = new InetSocketAddress(listening.group(1), Integer.parseInt(listening.group(2)));
        greeting = line;
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

    /** The number of its open descriptors, on systems that show it. */
    OptionalInt descriptors() throws IOException {
        Path directory = Path.of("/proc", Long.toString(process.pid()), "fd");
        if (!Files.isDirectory(directory)) {
            return OptionalInt.empty();
        }
        try (Stream<Path> descriptors = Files.list(directory)) {
            return OptionalInt.of((int) descriptors.count());
        }
    }

    /** Collects all garbage, so that the heap holds only what is alive. Takes a third of a second of processor time. */
    void collectGarbage() throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(process.pid()),
                        "GC.run")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (jcmd.waitFor() != 0) {
            throw new IOException("the server's garbage cannot be collected");
        }
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

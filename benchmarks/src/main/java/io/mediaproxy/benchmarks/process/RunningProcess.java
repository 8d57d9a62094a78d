package io.mediaproxy.benchmarks.process;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process and its children, and the resources that they use. {@link #close} ends all of them. */
public record RunningProcess(ProcessHandle process) implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final double KIB_PER_MIB = 1024;

    /** Returns whether the {@code PATH} has a program of this name. */
    public static boolean isInstalled(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** Returns an unused UDP port of this machine. */
    public static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /**
     * Starts a server and waits until its UDP port is bound.
     *
     * @param folder its working directory, for {@code name.log} with its output too
     * @throws IOException if it does not listen within a minute; the message has its output
     */
    public static RunningProcess onPort(Path folder, String name, int port, List<String> command)
            throws IOException, InterruptedException {
        Path output = folder.resolve(name + ".log");
        RunningProcess running = new RunningProcess(new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start()
                .toHandle());
        long begin = System.nanoTime();
        while (!isBound(port)) {
            boolean late = System.nanoTime() - begin > PATIENCE.toNanos();
            if (late || !running.process.isAlive()) {
                running.close();
                throw new IOException(
                        name + " does not listen: " + Files.readString(output).strip());
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return running;
    }

    private static boolean isBound(int port) throws IOException {
        String local = String.format(":%04X ", port);
        for (Path table : List.of(Path.of("/proc/net/udp"), Path.of("/proc/net/udp6"))) {
            if (Files.exists(table) && Files.readString(table).contains(local)) {
                return true;
            }
        }
        return false;
    }

    private Stream<ProcessHandle> all() {
        return Stream.concat(Stream.of(process), process.descendants());
    }

    /** Returns the processor time, user and system, of the processes that are alive. */
    public Duration cpu() {
        return all().map(handle -> handle.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** Returns the memory in use; pages that several processes share are divided among them. */
    public double mebibytes() throws IOException {
        double sum = 0;
        for (ProcessHandle handle : all().toList()) {
            try (Stream<String> lines = Files.lines(Path.of("/proc/" + handle.pid() + "/smaps_rollup"))) {
                sum += lines.filter(line -> line.startsWith("Pss:"))
                        .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")))
                        .sum();
            }
        }
        return sum / KIB_PER_MIB;
    }

    /** Waits for the end of the process; returns whether it ended in time. */
    public boolean ends(Duration patience) {
        process.onExit()
                .completeOnTimeout(process, patience.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        return !process.isAlive();
    }

    @Override
    public void close() {
        List<ProcessHandle> handles = all().toList();
        handles.forEach(ProcessHandle::destroy);
        if (!ends(PATIENCE)) {
            handles.forEach(ProcessHandle::destroyForcibly);
        }
    }
}

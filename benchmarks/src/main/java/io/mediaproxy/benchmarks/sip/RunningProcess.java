package io.mediaproxy.benchmarks.sip;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A process and its children, and what they take. Closing ends them all. */
public record RunningProcess(ProcessHandle process) implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 60;
    private static final double KIB_PER_MIB = 1024;

    /** Whether a process has what others wait for. */
    @FunctionalInterface
    public interface Readiness {
        boolean isThere() throws IOException;
    }

    /** Starts it in that folder, its output in a file of that name, and waits until somebody has bound that UDP port. */
    public static RunningProcess onPort(Path folder, String name, int port, List<String> command)
            throws IOException, InterruptedException {
        return start(folder, name, () -> isBound(port), command);
    }

    /** Starts it in that folder, its output in a file of that name, and waits until it is ready. */
    public static RunningProcess start(Path folder, String name, Readiness ready, List<String> command)
            throws IOException, InterruptedException {
        Path output = folder.resolve(name + ".log");
        RunningProcess running = new RunningProcess(new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start()
                .toHandle());
        long begin = System.nanoTime();
        while (!ready.isThere()) {
            boolean late = System.nanoTime() - begin
                    > Duration.ofSeconds(PATIENCE_SECONDS).toNanos();
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
        for (String table : List.of("/proc/net/udp", "/proc/net/udp6")) {
            Path path = Path.of(table);
            if (Files.exists(path)) {
                try (Stream<String> sockets = Files.lines(path)) {
                    if (sockets.anyMatch(line -> line.contains(local))) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private Stream<ProcessHandle> all() {
        return Stream.concat(Stream.of(process), process.descendants());
    }

    /** Processor time of those that live, user and system. */
    public Duration cpu() {
        return all().map(handle -> handle.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** Memory that is theirs, what several share divided among them. */
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

    /** Waits for the end of the process. Whether it came. */
    boolean ends(Duration patience) throws InterruptedException {
        try {
            process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the end of a process cannot be waited for", e);
        }
    }

    @Override
    public void close() {
        List<ProcessHandle> handles = all().toList();
        handles.forEach(ProcessHandle::destroy);
        try {
            if (!ends(Duration.ofSeconds(PATIENCE_SECONDS))) {
                handles.forEach(ProcessHandle::destroyForcibly);
            }
        } catch (InterruptedException e) {
            handles.forEach(ProcessHandle::destroyForcibly);
            Thread.currentThread().interrupt();
        }
    }
}

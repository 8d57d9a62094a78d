package io.mediaproxy.benchmarks.dispatchers;

import io.mediaproxy.benchmarks.sip.DispatcherMain;
import io.mediaproxy.benchmarks.sip.RunningProcess;
import java.io.File;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A dispatcher, with its relay, that can be asked here or not. */
enum Contestant {
    EMBEDDED("embedded dispatcher") {
        @Override
        Optional<RunningDispatcher> start(Path folder, Map<String, String> environment)
                throws IOException, InterruptedException {
            Path socket = folder.resolve("dispatcher.sock");
            String name = "embedded";
            RunningProcess process = RunningProcess.start(
                    folder,
                    name,
                    () -> Files.readString(folder.resolve(name + ".log")).contains("ready"),
                    List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            classPath(),
                            DispatcherMain.class.getName(),
                            socket.toString()));
            return Optional.of(
                    new RunningDispatcher(title, () -> new DispatcherCaller(socket), List.of(process), true));
        }
    },
    /** One that the user has started: it needs certificates, a relay, and rules of the kernel. */
    MEDIAPROXY("MediaProxy (AG Projects)") {
        @Override
        Optional<RunningDispatcher> start(Path folder, Map<String, String> environment) {
            String socket = environment.get(SOCKET);
            if (socket == null) {
                System.err.println(title + " is left out: " + SOCKET + " does not say where it listens");
                return Optional.empty();
            }
            List<RunningProcess> processes = Arrays.stream(
                            environment.getOrDefault(PIDS, "").split(","))
                    .filter(pid -> !pid.isBlank())
                    .map(pid -> ProcessHandle.of(Long.parseLong(pid.strip()))
                            .orElseThrow(() -> new IllegalArgumentException(PIDS + ": no process " + pid)))
                    .map(RunningProcess::new)
                    .toList();
            if (processes.isEmpty()) {
                System.err.println("what " + title + " takes is not measured: " + PIDS + " names no process");
            }
            return Optional.of(
                    new RunningDispatcher(title, () -> new DispatcherCaller(Path.of(socket)), processes, false));
        }
    },
    /** In user space, as the others are: without its kernel module's table. */
    RTPENGINE("rtpengine") {
        @Override
        Optional<RunningDispatcher> start(Path folder, Map<String, String> environment)
                throws IOException, InterruptedException {
            if (!isProgram("rtpengine")) {
                System.err.println(title + " is left out: it is not installed (Debian: rtpengine-daemon)");
                return Optional.empty();
            }
            int port = freePort();
            RunningProcess process = RunningProcess.onPort(
                    folder,
                    title,
                    port,
                    List.of(
                            "rtpengine",
                            "--foreground",
                            "--log-stderr",
                            "--log-level=4", // warnings: no line for each command, as the embedded one writes none
                            "--table=-1",
                            "--interface=127.0.0.1",
                            "--listen-ng=127.0.0.1:" + port,
                            "--port-min=20000",
                            "--port-max=59999",
                            "--delete-delay=0", // else each call keeps its ports for half a minute
                            "--pidfile=" + folder.resolve("rtpengine.pid")));
            return Optional.of(
                    new RunningDispatcher(title, () -> new RtpengineCaller(port, PATIENCE), List.of(process), true));
        }
    };

    static final String SOCKET = "MEDIAPROXY_DISPATCHER_SOCKET";
    static final String PIDS = "MEDIAPROXY_DISPATCHER_PIDS";
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    final String title;

    Contestant(String title) {
        this.title = title;
    }

    /**
     * Starts it or finds it running; says so if it is not to be had here.
     *
     * @param folder for files of its own
     * @param environment of this process
     */
    abstract Optional<RunningDispatcher> start(Path folder, Map<String, String> environment)
            throws IOException, InterruptedException;

    /** Of this process, for one that may run in another folder. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static boolean isProgram(String name) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    }

    private static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}

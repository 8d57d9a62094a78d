package io.mediaproxy.benchmarks.dispatchers;

import io.mediaproxy.benchmarks.process.DispatcherProcess;
import io.mediaproxy.benchmarks.process.RunningProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A dispatcher that listens, with the processes of its relay too, and whether the comparison started it. */
record RunningDispatcher(String title, Load.Door door, List<RunningProcess> processes, boolean started)
        implements AutoCloseable {
    static final String SOCKET = "MEDIAPROXY_DISPATCHER_SOCKET";
    static final String PIDS = "MEDIAPROXY_DISPATCHER_PIDS";

    static final String EMBEDDED = "embedded dispatcher";
    static final String MEDIAPROXY = "MediaProxy (AG Projects)";
    private static final String RTPENGINE = "rtpengine";
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Starts or finds every dispatcher that this machine has; prints a line for each that is missing. */
    static List<RunningDispatcher> all(Path folder, Map<String, String> environment)
            throws IOException, InterruptedException {
        List<RunningDispatcher> all = new ArrayList<>();
        all.add(embedded(folder.resolve("dispatcher.sock")));
        if (environment.containsKey(SOCKET)) {
            all.add(mediaProxy(Path.of(environment.get(SOCKET)), environment.getOrDefault(PIDS, "")));
        } else {
            System.err.println(MEDIAPROXY + " is left out: " + SOCKET + " is not set");
        }
        if (RunningProcess.isInstalled(RTPENGINE)) {
            all.add(rtpengine(folder));
        } else {
            System.err.println(RTPENGINE + " is left out: it is not installed (Debian: rtpengine-daemon)");
        }
        return all;
    }

    private static RunningDispatcher embedded(Path socket) throws IOException {
        DispatcherProcess process = DispatcherProcess.start(socket);
        return new RunningDispatcher(EMBEDDED, () -> new DispatcherCaller(socket), List.of(process.running()), true);
    }

    /** The user has started it: it needs certificates, a relay, and rules of the kernel. */
    private static RunningDispatcher mediaProxy(Path socket, String pids) {
        List<RunningProcess> processes = Arrays.stream(pids.split(","))
                .filter(pid -> !pid.isBlank())
                .map(pid -> ProcessHandle.of(Long.parseLong(pid.strip()))
                        .orElseThrow(() -> new IllegalArgumentException(PIDS + ": no process " + pid)))
                .map(RunningProcess::new)
                .toList();
        if (processes.isEmpty()) {
            System.err.println("CPU and memory of " + MEDIAPROXY + " are not measured: " + PIDS + " names no process");
        }
        return new RunningDispatcher(MEDIAPROXY, () -> new DispatcherCaller(socket), processes, false);
    }

    /**
     * In user space like the others: without the table of its kernel module. It logs warnings only, and without
     * {@code --delete-delay=0} each call would keep its ports for half a minute.
     */
    private static RunningDispatcher rtpengine(Path folder) throws IOException, InterruptedException {
        int port = RunningProcess.freePort();
        String command = RTPENGINE + " --foreground --log-stderr --log-level=4 --table=-1 --interface=127.0.0.1"
                + " --listen-ng=127.0.0.1:" + port + " --port-min=20000 --port-max=59999 --delete-delay=0"
                + " --pidfile=" + folder.resolve("rtpengine.pid");
        RunningProcess process = RunningProcess.onPort(folder, RTPENGINE, port, List.of(command.split(" ")));
        return new RunningDispatcher(RTPENGINE, () -> new RtpengineCaller(port, PATIENCE), List.of(process), true);
    }

    Duration cpu() {
        return processes.stream().map(RunningProcess::cpu).reduce(Duration.ZERO, Duration::plus);
    }

    double mebibytes() throws IOException {
        double sum = 0;
        for (RunningProcess process : processes) {
            sum += process.mebibytes();
        }
        return sum;
    }

    @Override
    public void close() {
        if (started) {
            processes.forEach(RunningProcess::close);
        }
    }
}

package io.mediaproxy.benchmarks.sip;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Finds how many calls per second each proxy holds without a failed call or a retransmission: one dispatcher process for all, sipp
 * on both sides, everything on this machine. Writes JSON as JMH does.
 */
public final class CompareProxies {
    private static final int WARM_UP_RATE = 200;
    private static final double NANOS_PER_MILLI = 1e6;

    private final ArrayNode results = new ObjectMapper().createArrayNode();
    private final Path folder;
    private final int seconds;
    private final int warmUpSeconds;
    private final int firstRate;
    private final double step;

    private CompareProxies(Path folder, boolean quick) {
        this.folder = folder;
        seconds = quick ? 3 : 8;
        warmUpSeconds = quick ? 5 : 15;
        firstRate = quick ? 300 : 100;
        step = quick ? 1.5 : 1.25;
    }

    /** Takes the file to write. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("calls");
        CompareProxies comparison = new CompareProxies(folder, System.getenv("MEDIAPROXY_QUICK") != null);
        try {
            comparison.run();
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        new ObjectMapper().writeValue(Path.of(arguments[0]).toFile(), comparison.results);
    }

    private void run() throws IOException, InterruptedException {
        Path socket = folder.resolve("dispatcher.sock");
        Process dispatcher = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        DispatcherMain.class.getName(),
                        socket.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            if (dispatcher.inputReader().readLine() == null) {
                throw new IOException("the dispatcher does not start");
            }
            for (Contestant contestant : Contestant.values()) {
                if (contestant.isInstalled()) {
                    measure(contestant, socket);
                } else {
                    System.err.println(contestant.title + " is not installed, and is left out");
                }
            }
        } finally {
            dispatcher.destroy();
            dispatcher.waitFor();
        }
    }

    private void measure(Contestant contestant, Path socket) throws IOException, InterruptedException {
        int from = freePort();
        int listen = freePort();
        int next = freePort();
        List<String> callee = List.of(
                "sipp",
                "-sf",
                Path.of("benchmarks", "sip", "callee.xml").toAbsolutePath().toString(),
                "-i",
                "127.0.0.1",
                "-p",
                String.valueOf(next),
                "-nostdin");
        try (RunningProcess answering = RunningProcess.onPort(folder, "callee", next, callee);
                RunningProcess proxy = RunningProcess.onPort(
                        folder, "proxy", listen, contestant.command(folder, listen, next, socket))) {
            Calls.run(folder, from, listen, WARM_UP_RATE, warmUpSeconds);
            Calls best = null;
            Duration bestCpu = Duration.ZERO;
            int misses = 0;
            for (double rate = firstRate; misses < 2; ) {
                Duration before = proxy.cpu();
                Calls calls = Calls.run(folder, from, listen, (int) rate, seconds);
                System.err.println(contestant.title + ": " + calls);
                if (calls.held()) {
                    best = calls;
                    bestCpu = proxy.cpu().minus(before);
                    misses = 0;
                    rate *= step;
                } else {
                    misses++; // once more: something else may have been going on
                }
            }
            if (best == null) {
                System.err.println(contestant.title + " holds not even " + firstRate + " calls per second");
                return;
            }
            add(contestant, "calls held", best.rate(), "calls/s");
            add(contestant, "INVITE to 200, median", best.medianMillis(), "ms");
            add(contestant, "INVITE to 200, 99 %", best.slowMillis(), "ms");
            double calls = (double) best.rate() * seconds;
            add(contestant, "CPU of the proxy", bestCpu.toNanos() / NANOS_PER_MILLI / calls, "ms/call");
            add(contestant, "memory of the proxy", proxy.mebibytes(), "MiB");
            if (!answering.process().isAlive()) {
                throw new IOException("the callee has ended");
            }
        }
    }

    private void add(Contestant contestant, String what, double score, String unit) {
        ObjectNode entry = results.addObject();
        entry.put("benchmark", "Proxies.Calls." + what);
        entry.putObject("params").put("proxy", contestant.title);
        entry.putObject("primaryMetric").put("score", score).put("scoreUnit", unit);
    }

    private static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}

package io.mediaproxy.benchmarks.sip;

import io.mediaproxy.benchmarks.dispatchers.Load;
import io.mediaproxy.benchmarks.process.DispatcherProcess;
import io.mediaproxy.benchmarks.process.RunningProcess;
import io.mediaproxy.benchmarks.report.Measurement;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Measures how many calls per second each proxy holds: every call completes without a failure or a retransmission, and
 * goes through the relay. All proxies use one dispatcher process; sipp is on both sides, on the same machine.
 */
public final class CompareProxies {
    /** An update for the offer, an update for the answer, and the removal. */
    private static final int COMMANDS_PER_CALL = 3;

    private static final int WARM_UP_RATE = 500;
    private static final int WARM_UP_SECONDS = 10;
    private static final Duration DISPATCHER_WARM_UP = Duration.ofSeconds(3);
    private static final double NANOS_PER_MILLI = 1e6;

    private final List<Measurement> results = new ArrayList<>();
    private final Path folder;
    private final Path socket;
    private final int seconds;
    private final RateSearch search;

    /** Calls at one rate, and the processor time that they took. */
    private record Attempt(Calls calls, boolean relayed, Duration proxyCpu, Duration dispatcherCpu) {
        boolean held() {
            return calls.complete() && relayed;
        }

        @Override
        public String toString() {
            return calls.rate() + " calls/s " + (held() ? "held: " : "missed: ") + Math.round(calls.begun())
                    + "/s begun, "
                    + calls.failed() + " failed, " + calls.retransmissions() + " retransmissions, "
                    + (relayed ? "" : "not ") + "all relayed, median " + calls.millis(50) + " ms, 99 % "
                    + calls.millis(99) + " ms";
        }
    }

    private CompareProxies(Path folder, boolean quick) {
        this.folder = folder;
        socket = folder.resolve("dispatcher.sock");
        seconds = quick ? 2 : 5;
        search = quick ? new RateSearch(2000, 1, 1) : new RateSearch(500, 3, 2);
    }

    /** Takes the folder for temporary files, and the file to write. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        boolean quick = System.getenv("MEDIAPROXY_QUICK") != null;
        CompareProxies comparison = new CompareProxies(Path.of(arguments[0]), quick);
        comparison.run();
        Measurement.write(Path.of(arguments[1]), comparison.results);
    }

    private void run() throws IOException, InterruptedException {
        try (DispatcherProcess dispatcher = DispatcherProcess.start(socket)) {
            Load.warmUp(socket, 1, DISPATCHER_WARM_UP);
            for (Proxy proxy : Proxy.ALL) {
                if (!proxy.isInstalled()) {
                    System.err.println(proxy.title() + " is left out: it is not installed");
                    continue;
                }
                try {
                    measure(proxy, dispatcher);
                } catch (IOException e) { // the other proxies can still be compared
                    System.err.println(proxy.title() + " is left out: " + e.getMessage());
                }
            }
        }
    }

    private void measure(Proxy proxy, DispatcherProcess dispatcher) throws IOException, InterruptedException {
        int listen = RunningProcess.freePort();
        int next = RunningProcess.freePort();
        try (RunningProcess running = proxy.start(folder, listen, next, socket)) {
            Calls.make(folder, listen, next, WARM_UP_RATE, WARM_UP_SECONDS);
            List<Attempt> held = new ArrayList<>();
            search.run(rate -> {
                DispatcherProcess.Counters before = dispatcher.awaitIdle();
                Duration proxyBefore = running.cpu();
                Duration dispatcherBefore = dispatcher.running().cpu();
                Calls calls = Calls.make(folder, listen, next, rate, seconds);
                DispatcherProcess.Counters after = dispatcher.awaitIdle();
                boolean relayed = after.errors() == before.errors()
                        && after.commands() - before.commands() == (long) COMMANDS_PER_CALL * rate * seconds;
                Attempt attempt = new Attempt(
                        calls,
                        relayed,
                        running.cpu().minus(proxyBefore),
                        dispatcher.running().cpu().minus(dispatcherBefore));
                System.err.println(proxy.title() + ": " + attempt);
                if (attempt.held()) {
                    held.add(attempt);
                }
                return attempt.held();
            });
            if (held.isEmpty()) {
                System.err.println(proxy.title() + " holds no rate");
                return;
            }
            Attempt best = held.get(held.size() - 1); // each held rate is higher than those before it
            add(proxy, "calls held", best.calls.rate(), "calls/s");
            add(proxy, "INVITE to 200, median", (double) best.calls.millis(50), "ms");
            add(proxy, "INVITE to 200, 99 %", (double) best.calls.millis(99), "ms");
            add(proxy, "CPU of the proxy", millisPerCall(best.proxyCpu, best), "ms/call");
            add(proxy, "CPU of the dispatcher", millisPerCall(best.dispatcherCpu, best), "ms/call");
            add(proxy, "CPU of both sipps", millisPerCall(best.calls.cpu(), best), "ms/call");
            add(proxy, "memory of the proxy", running.mebibytes(), "MiB");
        }
    }

    private double millisPerCall(Duration cpu, Attempt attempt) {
        return cpu.toNanos() / NANOS_PER_MILLI / ((double) attempt.calls.rate() * seconds);
    }

    private void add(Proxy proxy, String method, double score, String unit) {
        results.add(new Measurement("Calls", method, Map.of("proxy", proxy.title()), score, null, unit));
    }
}

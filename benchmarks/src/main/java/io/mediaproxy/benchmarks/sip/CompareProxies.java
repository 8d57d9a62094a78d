package io.mediaproxy.benchmarks.sip;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Finds how many calls per second each proxy holds: all go as they should at the first try, and each goes through the relay. One
 * dispatcher process for all, sipp on both sides, everything on this machine. Writes JSON as JMH does.
 */
public final class CompareProxies {
    /** An update for the offer, one for the answer, and the removal. */
    private static final int COMMANDS_PER_CALL = 3;

    private static final int WARM_UP_RATE = 500;
    private static final int WARM_UP_SECONDS = 10;
    private static final double NANOS_PER_MILLI = 1e6;

    private final ArrayNode results = new ObjectMapper().createArrayNode();
    private final Path folder;
    private final int seconds;
    private final RateSearch search;

    /** One rate, and what was taken for it. */
    private record Attempt(Calls calls, boolean relayed, Duration proxyCpu, Duration dispatcherCpu) {
        boolean held() {
            return calls.went() && relayed;
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%d calls/s %s: failed %d, sent again %d, begun %.0f/s, %s, median %.0f ms, 99 %% %.0f ms",
                    calls.rate(),
                    held() ? "held" : "missed",
                    calls.failed(),
                    calls.retransmissions(),
                    calls.begun(),
                    relayed ? "relayed" : "not all relayed",
                    calls.medianMillis(),
                    calls.slowMillis());
        }
    }

    private CompareProxies(Path folder, boolean quick) {
        this.folder = folder;
        seconds = quick ? 2 : 5;
        search = quick ? new RateSearch(2000, 1, 1) : new RateSearch(500, 3, 2);
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
        try (DispatcherProcess dispatcher = DispatcherProcess.start(socket)) {
            dispatcher.warmUp(socket);
            for (Contestant contestant : Contestant.values()) {
                if (contestant.isInstalled()) {
                    try {
                        measure(contestant, socket, dispatcher);
                    } catch (IOException e) { // the others are worth as much without it
                        System.err.println(contestant.title + " is left out: " + e.getMessage());
                    }
                } else {
                    System.err.println(contestant.title + " is not installed, and is left out");
                }
            }
        }
    }

    private void measure(Contestant contestant, Path socket, DispatcherProcess dispatcher)
            throws IOException, InterruptedException {
        int listen = Ports.free();
        int next = Ports.free();
        List<String> command = contestant.command(folder, listen, next, socket);
        try (RunningProcess proxy = RunningProcess.onPort(folder, "proxy", listen, command)) {
            Calls.make(folder, listen, next, WARM_UP_RATE, WARM_UP_SECONDS);
            List<Attempt> held = new ArrayList<>();
            search.run(rate -> {
                Attempt attempt = attempt(proxy, dispatcher, () -> Calls.make(folder, listen, next, rate, seconds));
                System.err.println(contestant.title + ": " + attempt);
                if (attempt.held()) {
                    held.add(attempt);
                }
                return attempt.held();
            });
            if (held.isEmpty()) {
                System.err.println(contestant.title + " holds no rate");
                return;
            }
            // Each that is held is higher than those before it, once the search has its first.
            add(contestant, held.get(held.size() - 1), proxy.mebibytes());
        }
    }

    private interface Load {
        Calls make() throws IOException, InterruptedException;
    }

    private Attempt attempt(RunningProcess proxy, DispatcherProcess dispatcher, Load load)
            throws IOException, InterruptedException {
        DispatcherProcess.Counters before = dispatcher.idle();
        Duration proxyBefore = proxy.cpu();
        Duration dispatcherBefore = dispatcher.cpu();
        Calls calls = load.make();
        DispatcherProcess.Counters after = dispatcher.idle();
        boolean relayed = after.errors() == before.errors()
                && after.commands() - before.commands() == (long) COMMANDS_PER_CALL * calls.rate() * seconds;
        return new Attempt(
                calls, relayed, proxy.cpu().minus(proxyBefore), dispatcher.cpu().minus(dispatcherBefore));
    }

    private void add(Contestant contestant, Attempt best, double mebibytes) {
        Calls calls = best.calls();
        add(contestant, "calls held", calls.rate(), "calls/s");
        add(contestant, "INVITE to 200, median", calls.medianMillis(), "ms");
        add(contestant, "INVITE to 200, 99 %", calls.slowMillis(), "ms");
        add(contestant, "CPU of the proxy", millisPerCall(best.proxyCpu(), calls), "ms/call");
        add(contestant, "CPU of the dispatcher", millisPerCall(best.dispatcherCpu(), calls), "ms/call");
        add(contestant, "CPU of both sipps", millisPerCall(calls.cpu(), calls), "ms/call");
        add(contestant, "memory of the proxy", mebibytes, "MiB");
    }

    private double millisPerCall(Duration cpu, Calls calls) {
        return cpu.toNanos() / NANOS_PER_MILLI / ((double) calls.rate() * seconds);
    }

    private void add(Contestant contestant, String what, double score, String unit) {
        ObjectNode entry = results.addObject();
        entry.put("benchmark", "Proxies.Calls." + what);
        entry.putObject("params").put("proxy", contestant.title);
        entry.putObject("primaryMetric").put("score", score).put("scoreUnit", unit);
    }
}

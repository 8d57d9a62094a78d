package io.mediaproxy.benchmarks.sip;

import io.mediaproxy.benchmarks.process.JavaHeap;
import io.mediaproxy.benchmarks.process.Machine;
import io.mediaproxy.benchmarks.process.ProcessorTimes;
import io.mediaproxy.benchmarks.process.RunningProcess;
import io.mediaproxy.benchmarks.report.Condition;
import io.mediaproxy.benchmarks.report.Measurement;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Compares whole proxies by calls from sipp to sipp, on one machine: cold, at one common rate, at the highest rate that
 * each holds, and overloaded. All contestants are started once and stay alive, and take turns in each round, so that
 * other load on the machine affects all of them.
 */
public final class CompareProxies {
    private static final Duration COLD_PATIENCE = Duration.ofSeconds(5);
    private static final double PERCENT = 100;
    private static final String CALLS = "Calls";
    private static final String COMMON = "at %,d calls/s".formatted(Plan.COMMON_RATE);

    private final Figures figures = new Figures();
    private final List<Contestant> contestants = new ArrayList<>();
    private final Map<Contestant, Integer> held = new HashMap<>();
    private final StringBuilder times = new StringBuilder();
    private final Plan plan;
    private final Path folder;

    /** Measures one contestant. */
    @FunctionalInterface
    private interface Measure {
        void take(Contestant contestant) throws IOException, InterruptedException;
    }

    private CompareProxies(Plan plan, Path folder) {
        this.plan = plan;
        this.folder = folder;
    }

    /** Takes the folder for temporary files, and the file to write. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Plan plan = System.getenv("MEDIAPROXY_QUICK") == null ? Plan.FULL : Plan.QUICK;
        CompareProxies comparison = new CompareProxies(plan, Path.of(arguments[0]));
        List<Measurement> results = comparison.run();
        Measurement.write(Path.of(arguments[1]), results);
        Condition.warnings(results).forEach(System.err::println);
        System.err.print(comparison.times);
    }

    private List<Measurement> run() throws IOException, InterruptedException {
        double load = Machine.load();
        ProcessorTimes before = ProcessorTimes.now();
        try {
            start();
            each("warm-up", this::warmUp);
            for (int round = 1; round <= plan.rounds(); round++) {
                each("round " + round + ", common rate", this::commonRate);
                each("round " + round + ", rate held", this::rateHeld);
                each("round " + round + ", overload", this::overload);
                each("round " + round + ", memory", this::memory);
            }
        } finally {
            contestants.forEach(Contestant::close);
        }
        machine(Condition.LOAD, load);
        machine(Condition.STEAL, ProcessorTimes.now().stolenPercentSince(before));
        return figures.measurements();
    }

    /** Starts all proxies; each gets its first calls when nothing has warmed it or its dispatcher. */
    private void start() throws IOException, InterruptedException {
        long begin = System.nanoTime();
        for (Proxy proxy : Proxy.ALL) {
            if (!proxy.isInstalled()) {
                System.err.println(proxy.title() + " is left out: it is not installed");
                continue;
            }
            try {
                Contestant contestant = Contestant.start(proxy, folder);
                contestants.add(contestant);
                cold(contestant);
            } catch (IOException e) { // the other proxies can still be compared
                System.err.println(proxy.title() + " is left out: " + e.getMessage());
            }
        }
        contestants.add(Contestant.generator(folder));
        time("start, and first calls", begin);
    }

    private void each(String part, Measure measure) throws InterruptedException {
        long begin = System.nanoTime();
        for (Contestant contestant : contestants) {
            try {
                measure.take(contestant);
            } catch (IOException e) { // the others can still be compared
                System.err.println(contestant.title() + " is left out of " + part + ": " + e.getMessage());
            }
        }
        time(part, begin);
    }

    private void time(String part, long begin) {
        String line = "%5d s  %s%n".formatted(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin), part);
        times.append(line);
        System.err.print(line);
    }

    private void cold(Contestant contestant) throws IOException, InterruptedException {
        Calls calls = Turn.of(
                        contestant, () -> Calls.make(contestant, Plan.COLD_RATE, plan.coldSeconds(), COLD_PATIENCE))
                .calls();
        add("Cold", contestant, "calls", calls.asked(), "calls");
        add("Cold", contestant, "failed", calls.failed(), "calls");
        add("Cold", contestant, "refused", calls.counts().refused(), "calls");
        add("Cold", contestant, "without a relay", calls.withoutRelay(), "calls");
        add("Cold", contestant, "sent again", calls.sentAgain(), "messages");
    }

    private Turn commonTurn(Contestant contestant) throws IOException, InterruptedException {
        return Turn.of(contestant, () -> Calls.make(contestant, Plan.COMMON_RATE, plan.seconds(), Calls.LAST_CALLS));
    }

    private void warmUp(Contestant contestant) throws IOException, InterruptedException {
        if (contestant.dispatcher() != null) {
            WarmUp.Result result =
                    plan.warmUp().run(() -> commonTurn(contestant).millisPerCall());
            add("Warm-up", contestant, "rounds", result.rounds(), "rounds");
            Condition change = Condition.LAST_CHANGE;
            add("Warm-up", contestant, change.title(), result.percent(), change.unit());
            System.err.println(contestant.title() + ": " + result.rounds() + " rounds of warm-up, last change "
                    + Math.round(result.percent()) + " %"
                    + (result.isSettled() ? "" : "; more rounds are not allowed"));
        }
    }

    private void commonRate(Contestant contestant) throws IOException, InterruptedException {
        Duration idleBefore = cpuOfOthers(contestant);
        long begin = System.nanoTime();
        Turn turn = commonTurn(contestant);
        double idle = (double) cpuOfOthers(contestant).minus(idleBefore).toNanos() / (System.nanoTime() - begin);
        Calls calls = turn.calls();
        if (contestant.dispatcher() != null) {
            add(CALLS, contestant, "CPU of the proxy, " + COMMON, turn.millisPerCall(turn.proxy()), "ms/call");
            add(
                    CALLS,
                    contestant,
                    "CPU of the dispatcher, " + COMMON,
                    turn.millisPerCall(turn.dispatcher()),
                    "ms/call");
        }
        add(CALLS, contestant, "CPU of both sipps, " + COMMON, turn.millisPerCall(calls.cpu()), "ms/call");
        add(CALLS, contestant, "INVITE to 200, median, " + COMMON, calls.millis(50), "ms");
        add(CALLS, contestant, "INVITE to 200, 99 %, " + COMMON, calls.millis(99), "ms");
        add(
                CALLS,
                contestant,
                "failed or refused, " + COMMON,
                calls.asked() - calls.counts().completed(),
                "calls");
        machine(Condition.IDLE_CPU, PERCENT * idle);
    }

    private Duration cpuOfOthers(Contestant contestant) {
        return contestants.stream()
                .filter(other -> !other.equals(contestant))
                .map(other -> other.proxyCpu().plus(other.dispatcherCpu()))
                .reduce(Duration.ZERO, Duration::plus);
    }

    private void rateHeld(Contestant contestant) throws IOException, InterruptedException {
        int last = held.getOrDefault(contestant, 0);
        RateSearch search = last == 0 ? plan.firstSearch() : plan.nextSearch();
        boolean relay = contestant.dispatcher() != null;
        int rate = search.run(
                last == 0 ? Plan.COMMON_RATE : last,
                tried -> Turn.of(contestant, () -> Calls.makeWhileHeld(contestant, tried, plan.seconds()))
                        .calls()
                        .held(relay));
        held.put(contestant, rate);
        add(CALLS, contestant, "calls held", rate, "calls/s");
    }

    private void overload(Contestant contestant) throws IOException, InterruptedException {
        int rate = held.getOrDefault(contestant, 0);
        if (!contestant.overloaded() || rate == 0) {
            return;
        }
        for (Goodput goodput : plan.overload().run(contestant, rate)) {
            Overload.Step step = goodput.step();
            if (step.after()) {
                add("Recovery", contestant, step.name(), goodput.percentOfHeld(), "%");
            } else {
                Map<String, String> parameters = Map.of("proxy", contestant.title(), "load", step.name());
                figures.add("Overload", "offered", parameters, goodput.offered(), "calls/s");
                figures.add("Overload", "goodput", parameters, goodput.relayed(), "calls/s");
                figures.add("Overload", "goodput, of the rate held", parameters, goodput.percentOfHeld(), "%");
                figures.add("Overload", "refused by 503", parameters, goodput.refused(), "calls/s");
            }
        }
        contestant.awaitIdle();
    }

    private void memory(Contestant contestant) throws IOException {
        RunningProcess proxy = contestant.proxy();
        if (proxy != null) {
            add(CALLS, contestant, "memory of the proxy", proxy.mebibytes(), "MiB");
            JavaHeap.maxMebibytes(proxy)
                    .ifPresent(size -> add(CALLS, contestant, "largest heap of the proxy (-Xmx)", size, "MiB"));
        }
    }

    private void add(String benchmark, Contestant contestant, String method, Number value, String unit) {
        figures.add(benchmark, method, Map.of("proxy", contestant.title()), value.doubleValue(), unit);
    }

    private void machine(Condition condition, double value) {
        Map<String, String> parameters = Map.of("machine", Machine.processor());
        figures.add("Machine", condition.title(), parameters, value, condition.unit());
    }
}

package io.mediaproxy.benchmarks.dispatchers;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Finds how many commands a second each dispatcher answers over 1, 4, 8 and 32 connections, and what that takes: calls with two
 * streams that begin and end, everything on this machine. The dispatchers take turns within a run, so that whatever else the
 * machine does hits all of them. Writes JSON as JMH does.
 */
public final class CompareDispatchers {
    private static final List<Integer> CONNECTIONS = List.of(1, 4, 8, 32);
    private static final int WARM_UP_CONNECTIONS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final double NANOS_PER_MICRO = 1e3;

    private final ArrayNode results = new ObjectMapper().createArrayNode();
    private final Settings settings;

    /**
     * How long it may take.
     *
     * @param warmUp of each dispatcher
     * @param turn of a dispatcher on so many connections
     * @param rounds in which each has its turn
     */
    record Settings(Duration warmUp, Duration turn, int rounds) {
        static final Settings FULL = new Settings(Duration.ofSeconds(8), Duration.ofSeconds(3), 3);
        static final Settings QUICK = new Settings(Duration.ofSeconds(3), Duration.ofSeconds(1), 1);
    }

    /** A dispatcher's turns on so many connections together. */
    private static final class Sum {
        private Commands commands = Commands.NONE;
        private Duration cpu = Duration.ZERO;
        private double mebibytes;
    }

    private CompareDispatchers(Settings settings) {
        this.settings = settings;
    }

    /** Takes the file to write. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        boolean quick = System.getenv("MEDIAPROXY_QUICK") != null;
        ArrayNode results = compare(quick ? Settings.QUICK : Settings.FULL, System.getenv());
        new ObjectMapper().writeValue(Path.of(arguments[0]).toFile(), results);
    }

    /** What was measured, an entry each. */
    static ArrayNode compare(Settings settings, Map<String, String> environment)
            throws IOException, InterruptedException {
        CompareDispatchers comparison = new CompareDispatchers(settings);
        Path folder = Files.createTempDirectory("dispatchers");
        List<RunningDispatcher> dispatchers = new ArrayList<>();
        try {
            for (Contestant contestant : Contestant.values()) {
                contestant.start(folder, environment).ifPresent(dispatchers::add);
            }
            comparison.run(dispatchers);
        } finally {
            dispatchers.forEach(RunningDispatcher::close);
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        return comparison.results;
    }

    private void run(List<RunningDispatcher> dispatchers) throws IOException, InterruptedException {
        for (RunningDispatcher dispatcher : dispatchers) {
            load(dispatcher, WARM_UP_CONNECTIONS, settings.warmUp());
        }
        Map<RunningDispatcher, Map<Integer, Sum>> sums = new LinkedHashMap<>();
        for (int round = 0; round < settings.rounds(); round++) {
            for (int connections : CONNECTIONS) {
                for (RunningDispatcher dispatcher : dispatchers) {
                    Sum sum = sums.computeIfAbsent(dispatcher, any -> new LinkedHashMap<>())
                            .computeIfAbsent(connections, any -> new Sum());
                    Duration before = dispatcher.cpu();
                    Commands commands = load(dispatcher, connections, settings.turn());
                    System.err.println(dispatcher.title() + ", " + connections + " connections: " + commands);
                    sum.commands = sum.commands.plus(commands);
                    sum.cpu = sum.cpu.plus(dispatcher.cpu().minus(before));
                    sum.mebibytes = dispatcher.mebibytes();
                }
            }
        }
        sums.forEach((dispatcher, turns) -> turns.forEach((connections, sum) -> add(dispatcher, connections, sum)));
    }

    private static Commands load(RunningDispatcher dispatcher, int connections, Duration duration)
            throws IOException, InterruptedException {
        List<Caller> callers = new ArrayList<>();
        try {
            for (int i = 0; i < connections; i++) {
                callers.add(dispatcher.door().connect());
            }
            return Load.run(callers, duration, PATIENCE);
        } finally {
            for (Caller caller : callers) {
                caller.close();
            }
        }
    }

    private void add(RunningDispatcher dispatcher, int connections, Sum sum) {
        String title = dispatcher.title();
        add(title, connections, sum.commands.perSecond(), "commands/s");
        add(title + ", failed", connections, (double) sum.commands.failed(), "commands");
        if (!dispatcher.processes().isEmpty()) {
            long commands = sum.commands.done() + sum.commands.failed();
            add(title + ", CPU", connections, sum.cpu.toNanos() / NANOS_PER_MICRO / commands, "us/command");
            add(title + ", memory", connections, sum.mebibytes, "MiB");
        }
    }

    private void add(String what, int connections, double score, String unit) {
        ObjectNode entry = results.addObject();
        entry.put("benchmark", "Dispatchers.Commands." + what);
        entry.putObject("params").put("connections", String.valueOf(connections));
        entry.putObject("primaryMetric").put("score", score).put("scoreUnit", unit);
    }
}

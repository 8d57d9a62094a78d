package io.mediaproxy.benchmarks.dispatchers;

import io.mediaproxy.benchmarks.report.Measurement;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Measures how many commands per second each dispatcher answers over 1, 4, 8 and 32 connections, and its resources. A
 * call has two streams, begins and ends. The dispatchers take turns within each round, so that other load on the
 * machine affects all of them.
 */
public final class CompareDispatchers {
    private static final List<Integer> CONNECTIONS = List.of(1, 4, 8, 32);
    private static final int WARM_UP_CONNECTIONS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final double NANOS_PER_MICRO = 1e3;

    private CompareDispatchers() {}

    /** Durations of the warm-up and of one turn for each dispatcher, and the number of turns. */
    record Settings(Duration warmUp, Duration turn, int rounds) {
        static final Settings FULL = new Settings(Duration.ofSeconds(8), Duration.ofSeconds(3), 3);
        static final Settings QUICK = new Settings(Duration.ofSeconds(3), Duration.ofSeconds(1), 1);
    }

    /** All turns of one dispatcher on one number of connections. */
    private record Turns(RunningDispatcher dispatcher, int connections, Load load, Duration cpu, double mebibytes) {
        /** Measures one more turn. */
        Turns plus(Duration turn) throws IOException, InterruptedException {
            Duration before = dispatcher.cpu();
            Load added = Load.run(dispatcher.door(), connections, turn, PATIENCE);
            System.err.println(dispatcher.title() + ", " + connections + " connections: " + added);
            Duration after = dispatcher.cpu();
            return new Turns(
                    dispatcher, connections, load.plus(added), cpu.plus(after).minus(before), dispatcher.mebibytes());
        }

        /** CPU and memory come last, and are left out if the processes are unknown. */
        Stream<Measurement> measurements() {
            double micros = cpu.toNanos() / NANOS_PER_MICRO / (load.done() + load.failed());
            return Stream.of(
                            measurement("", load.donePerSecond(), "commands/s"),
                            measurement(", failed", (double) load.failed(), "commands"),
                            measurement(", CPU", micros, "us/command"),
                            measurement(", memory", mebibytes, "MiB"))
                    .limit(dispatcher.processes().isEmpty() ? 2 : 4);
        }

        private Measurement measurement(String suffix, double score, String unit) {
            Map<String, String> parameters = Map.of("connections", String.valueOf(connections));
            return new Measurement("Commands", dispatcher.title() + suffix, parameters, score, null, unit);
        }
    }

    /** Takes the folder for temporary files, and the file to write. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Settings settings = System.getenv("MEDIAPROXY_QUICK") == null ? Settings.FULL : Settings.QUICK;
        Measurement.write(Path.of(arguments[1]), compare(settings, Path.of(arguments[0]), System.getenv()));
    }

    static List<Measurement> compare(Settings settings, Path folder, Map<String, String> environment)
            throws IOException, InterruptedException {
        List<RunningDispatcher> dispatchers = RunningDispatcher.all(folder, environment);
        try {
            for (RunningDispatcher dispatcher : dispatchers) {
                Load.run(dispatcher.door(), WARM_UP_CONNECTIONS, settings.warmUp(), PATIENCE);
            }
            List<Turns> all = CONNECTIONS.stream()
                    .flatMap(number -> dispatchers.stream()
                            .map(dispatcher -> new Turns(dispatcher, number, Load.NONE, Duration.ZERO, 0)))
                    .collect(Collectors.toCollection(ArrayList::new));
            for (int round = 0; round < settings.rounds(); round++) {
                for (int i = 0; i < all.size(); i++) {
                    all.set(i, all.get(i).plus(settings.turn()));
                }
            }
            return all.stream().flatMap(Turns::measurements).toList();
        } finally {
            dispatchers.forEach(RunningDispatcher::close);
        }
    }
}

package io.mediaproxy.benchmarks;

import io.mediaproxy.benchmarks.report.Measurement;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The cost of a message, of the periodic work, and of memory with many engaged calls alive. JMH would measure each
 * number in another JVM; here all are alive in one and take turns, so that the ratios between them are exact.
 *
 * <pre>
 *   java -Xmx1g -cp benchmarks.jar io.mediaproxy.benchmarks.EngagedCallsBenchmark FILE.json
 * </pre>
 */
public final class EngagedCallsBenchmark {
    private static final int[] NUMBERS = {1_000, 10_000, 100_000};
    private static final int WARM_UP_CALLS = 2_000;
    private static final int WARM_UP_ROUNDS = 3;
    private static final int ROUNDS = 5;
    private static final Duration TURN = Duration.ofMillis(400);
    private static final double NANOS_PER_MICRO = 1e3;

    private final List<Figure> figures = new ArrayList<>();

    /** One figure for one number of calls, with its value in each round. */
    private record Figure(String method, int number, Runnable work, String unit, List<Double> values) {
        /** Repeats the work for a while, and returns its mean time in µs. */
        double measure() {
            long begin = System.nanoTime();
            long count = 0;
            long time;
            do {
                work.run();
                count++;
                time = System.nanoTime() - begin;
            } while (time < TURN.toNanos());
            return time / NANOS_PER_MICRO / count;
        }

        Measurement measurement() {
            Map<String, String> parameters = Map.of("calls", String.valueOf(number));
            return Measurement.ofRounds("EngagedCalls", method, parameters, values, unit);
        }
    }

    private EngagedCallsBenchmark() {}

    /** Takes the file to write. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<Measurement> results = new EngagedCallsBenchmark().run();
        results.forEach(System.err::println);
        Measurement.write(Path.of(arguments[0]), results);
    }

    private List<Measurement> run() throws IOException, InterruptedException {
        new AliveCalls(WARM_UP_CALLS).close();
        List<AliveCalls> all = new ArrayList<>();
        try {
            for (int number : NUMBERS) {
                long before = usedAfterCollection();
                AliveCalls calls = new AliveCalls(number);
                all.add(calls);
                double bytes = (double) (usedAfterCollection() - before) / number;
                add("memory of a call", number, () -> {}, "B").values.add(bytes);
            }
            List<Figure> timed = new ArrayList<>();
            for (int i = 0; i < NUMBERS.length; i++) {
                AliveCalls calls = all.get(i);
                timed.add(add("message without SDP", NUMBERS[i], calls::info, "us"));
                timed.add(add("offer and answer, with their commands", NUMBERS[i], calls::reInvite, "us"));
                timed.add(add("periodic work", NUMBERS[i], calls::periodicWork, "us"));
            }
            for (int round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
                for (Figure figure : timed) {
                    double micros = figure.measure();
                    if (round >= WARM_UP_ROUNDS) {
                        figure.values.add(micros);
                    }
                }
            }
        } finally {
            for (AliveCalls calls : all) {
                calls.close();
            }
        }
        return figures.stream().map(Figure::measurement).toList();
    }

    private Figure add(String method, int number, Runnable work, String unit) {
        Figure figure = new Figure(method, number, work, unit, new ArrayList<>());
        figures.add(figure);
        return figure;
    }

    private static long usedAfterCollection() {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }
}

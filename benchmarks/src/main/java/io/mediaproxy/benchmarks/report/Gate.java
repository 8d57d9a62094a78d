package io.mediaproxy.benchmarks.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;

/**
 * Fails when the rewrite has become slower by a factor of two, or allocates. It compares ratios within one run, not
 * times, with a wide margin, and uses the best iteration of each benchmark: other load makes iterations slower, never
 * faster.
 *
 * <pre>
 *   java -jar benchmarks.jar 'SdpRewriteBenchmark.(rewrite|jainSdp)' -prof gc -rf json -rff FILE.json
 *   java -cp benchmarks.jar io.mediaproxy.benchmarks.report.Gate FILE.json
 * </pre>
 */
public final class Gate {
    /** About half of the ratio on a quiet machine, 27 to 33. */
    private static final double LEAST_RATIO = 15;

    /** The harness allocates a little, divided by the calls of an iteration. */
    private static final double MOST_BYTES = 0.5;

    private Gate() {}

    /** Exits with 1 on failure. */
    public static void main(String[] arguments) throws IOException {
        List<String> problems =
                check(Measurement.JSON.readTree(Path.of(arguments[0]).toFile()));
        problems.forEach(System.err::println);
        if (!problems.isEmpty()) {
            System.exit(1);
        }
    }

    /** Returns one line for each problem. */
    static List<String> check(JsonNode run) {
        Map<String, Double> rewrite = new TreeMap<>();
        Map<String, Double> jainSdp = new TreeMap<>();
        List<String> problems = new ArrayList<>();
        for (JsonNode entry : run) {
            Measurement measurement = Measurement.ofJmh(entry).get(0);
            double best = StreamSupport.stream(
                            entry.at("/primaryMetric/rawData").spliterator(), false)
                    .flatMap(fork -> StreamSupport.stream(fork.spliterator(), false))
                    .mapToDouble(JsonNode::asDouble)
                    .min()
                    .orElse(Double.NaN);
            if (measurement.method().equals("jainSdp")) {
                jainSdp.put(measurement.column(), best);
            } else if (measurement.method().equals("rewrite")) {
                rewrite.put(measurement.column(), best);
                double bytes =
                        entry.at("/secondaryMetrics/gc.alloc.rate.norm/score").asDouble(Double.NaN);
                if (!(bytes < MOST_BYTES)) {
                    problems.add("rewrite of " + measurement.column() + " allocates " + bytes + " bytes");
                }
            }
        }
        if (rewrite.isEmpty() || !rewrite.keySet().equals(jainSdp.keySet())) {
            problems.add("rewrite was measured for " + rewrite.keySet() + " and jainSdp for " + jainSdp.keySet());
            return problems;
        }
        rewrite.forEach((sample, score) -> {
            double ratio = jainSdp.getOrDefault(sample, Double.NaN) / score;
            if (!(ratio >= LEAST_RATIO)) {
                problems.add("rewrite of " + sample + " is " + Table.number(ratio) + " times as fast as jainSdp, not "
                        + LEAST_RATIO);
            }
        });
        return problems;
    }
}

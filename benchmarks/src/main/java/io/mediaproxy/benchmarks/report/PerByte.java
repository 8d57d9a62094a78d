package io.mediaproxy.benchmarks.report;

import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Divides times by the size of the body; the result has to be the same for bodies of any size. */
final class PerByte {
    static final String BYTES = "bytes";
    private static final int HOSTILE_BYTES = 64 * 1024;
    private static final String UNIT = "ns/byte";
    private static final double NANOS_PER_MICRO = 1000;

    /** In smaller bodies the fixed cost of a call dominates. */
    private static final int LINEAR_FROM = 1024;

    private PerByte() {}

    static List<Measurement> of(List<Measurement> sized) {
        return sized.stream().map(m -> m.per(m.number(BYTES), UNIT)).toList();
    }

    /** The same for hostile bodies, whose times are in µs and whose size is no parameter. */
    static List<Measurement> ofHostile(List<Measurement> hostile) {
        Map<String, String> size = Map.of(BYTES, String.valueOf(HOSTILE_BYTES));
        return hostile.stream()
                .map(m -> m.score() * NANOS_PER_MICRO / HOSTILE_BYTES)
                .map(score -> new Measurement("HostileBodyBenchmark", "answer", size, score, null, UNIT))
                .toList();
    }

    /** Describes the ratio between the most and the least expensive byte. */
    static String flatness(List<Measurement> perByte) {
        Map<String, DoubleSummaryStatistics> shapes = perByte.stream()
                .filter(m -> m.number(BYTES) >= LINEAR_FROM)
                .collect(Collectors.groupingBy(
                        m -> m.parameter("shape"), TreeMap::new, Collectors.summarizingDouble(Measurement::score)));
        return shapes.entrySet().stream()
                .map(shape -> Table.number(
                                shape.getValue().getMax() / shape.getValue().getMin()) + " (" + shape.getKey() + ")")
                .collect(Collectors.joining(
                        ", ", "From 1 KiB on, the ratio of the most to the least expensive byte is ", ".\n"));
    }
}

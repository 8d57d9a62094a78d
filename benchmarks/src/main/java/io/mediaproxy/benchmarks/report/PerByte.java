package io.mediaproxy.benchmarks.report;

import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a byte of a body costs, which is to be the same in bodies of any size. */
final class PerByte {
    /** The parameter that says how many there are. */
    static final String BYTES = "bytes";

    /** Of each hostile body. */
    static final int HOSTILE_BYTES = 64 * 1024;

    private static final String UNIT = "ns/byte";
    private static final double NANOS_PER_MICRO = 1000;

    /** Below it is more the cost of a call than of its bytes. */
    private static final int LINEAR_FROM = 1024;

    private PerByte() {}

    static List<Measurement> of(List<Measurement> sized) {
        return sized.stream()
                .map(m -> m.per(Double.parseDouble(m.parameter(BYTES)), UNIT))
                .toList();
    }

    static List<Measurement> ofHostile(List<Measurement> hostile) {
        return hostile.stream()
                .map(m -> m.per(HOSTILE_BYTES / NANOS_PER_MICRO, UNIT))
                .toList();
    }

    /** How far from flat it is, in words. */
    static String flatness(List<Measurement> perByte) {
        Map<String, DoubleSummaryStatistics> shapes = perByte.stream()
                .filter(m -> Double.parseDouble(m.parameter(BYTES)) >= LINEAR_FROM)
                .collect(Collectors.groupingBy(
                        m -> m.parameter("shape"), TreeMap::new, Collectors.summarizingDouble(Measurement::score)));
        return shapes.entrySet().stream()
                .map(shape -> Table.number(
                                shape.getValue().getMax() / shape.getValue().getMin()) + " times as much ("
                        + shape.getKey() + ")")
                .collect(
                        Collectors.joining(", ", "From 1 KiB on the dearest byte costs, beside the cheapest: ", ".\n"));
    }
}

package io.mediaproxy.benchmarks.sip;

import io.mediaproxy.benchmarks.report.Measurement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects the values of all rounds, by figure and in the order in which the figures were first added. */
final class Figures {
    private final Map<Figure, List<Double>> values = new LinkedHashMap<>();

    private record Figure(String benchmark, String method, Map<String, String> parameters, String unit) {}

    void add(String benchmark, String method, Map<String, String> parameters, double value, String unit) {
        values.computeIfAbsent(new Figure(benchmark, method, parameters, unit), figure -> new ArrayList<>())
                .add(value);
    }

    /** Returns the median of each figure, with its spread. */
    List<Measurement> measurements() {
        return values.entrySet().stream()
                .map(entry -> {
                    Figure figure = entry.getKey();
                    return Measurement.ofRounds(
                            figure.benchmark, figure.method, figure.parameters, entry.getValue(), figure.unit);
                })
                .toList();
    }
}

package io.mediaproxy.benchmarks.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One figure of a run.
 *
 * @param benchmark the class or script that measured it
 * @param method what was measured
 * @param parameters for which values, by name; in the order of their names
 * @param score the figure
 * @param error half the width of its 99.9 % confidence interval; NaN: there is none
 * @param unit of both, as {@code ns/op}
 */
record Measurement(
        String benchmark, String method, Map<String, String> parameters, double score, double error, String unit) {
    Measurement {
        parameters = Map.copyOf(parameters);
    }

    /** Reads one entry of what {@code -rf json} writes. */
    static Measurement ofJmh(JsonNode entry) {
        String name = entry.get("benchmark").textValue();
        int method = name.lastIndexOf('.');
        Map<String, String> parameters = new LinkedHashMap<>();
        entry.path("params")
                .properties()
                .forEach(parameter ->
                        parameters.put(parameter.getKey(), parameter.getValue().textValue()));
        JsonNode metric = entry.get("primaryMetric");
        return new Measurement(
                name.substring(name.lastIndexOf('.', method - 1) + 1, method),
                name.substring(method + 1),
                parameters,
                metric.get("score").asDouble(),
                metric.path("scoreError").asDouble(Double.NaN),
                metric.get("scoreUnit").textValue());
    }

    /** The column that it stands in: its parameters' values. */
    String column() {
        return parameters.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue)
                .collect(Collectors.joining(", "));
    }

    /** The value of a parameter; empty: it has none of that name. */
    String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }

    /** The same for each of so many. */
    Measurement per(double number, String unit) {
        return new Measurement(benchmark, method, parameters, score / number, error / number, unit);
    }
}

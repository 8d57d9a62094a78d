package io.mediaproxy.benchmarks.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

    /** Reads one entry of what {@code -rf json} writes: one figure, or the percentiles of many. */
    static List<Measurement> ofJmh(JsonNode entry) {
        String name = entry.get("benchmark").textValue();
        int end = name.lastIndexOf('.');
        String benchmark = name.substring(name.lastIndexOf('.', end - 1) + 1, end);
        String method = name.substring(end + 1);
        Map<String, String> parameters = new LinkedHashMap<>();
        entry.path("params")
                .properties()
                .forEach(parameter ->
                        parameters.put(parameter.getKey(), parameter.getValue().textValue()));
        JsonNode metric = entry.get("primaryMetric");
        String unit = metric.get("scoreUnit").textValue();
        if (entry.path("mode").asText().equals("sample")) {
            JsonNode percentiles = metric.get("scorePercentiles");
            double median = percentiles.get("50.0").asDouble();
            double slow = percentiles.get("99.0").asDouble();
            return List.of(
                    new Measurement(benchmark, method + ", median", parameters, median, Double.NaN, unit),
                    new Measurement(benchmark, method + ", 99 %", parameters, slow, Double.NaN, unit));
        }
        double score = metric.get("score").asDouble();
        double error = metric.path("scoreError").asDouble(Double.NaN);
        return List.of(new Measurement(benchmark, method, parameters, score, error, unit));
    }

    /** The same as an object of JSON; without an error there is none in it. */
    void writeTo(ObjectNode object) {
        object.put("benchmark", benchmark).put("method", method);
        ObjectNode values = object.putObject("parameters");
        new TreeMap<>(parameters).forEach(values::put);
        object.put("score", score);
        if (!Double.isNaN(error)) {
            object.put("error", error);
        }
        object.put("unit", unit);
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

package io.mediaproxy.benchmarks.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One figure of a run. Its JSON has the same fields.
 *
 * @param benchmark the class that measured it
 * @param method the measured method, or a title
 * @param parameters names and values of its parameters, sorted by name
 * @param score the figure
 * @param error half the width of its 99.9 % confidence interval, null if unknown
 * @param lowest the lowest value of several rounds, of which the score is the median; null if there is one round
 * @param highest the highest value of several rounds, null if there is one round
 * @param unit of score, error and spread, for instance {@code ns/op}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Measurement(
        String benchmark,
        String method,
        Map<String, String> parameters,
        double score,
        @Nullable Double error,
        @Nullable Double lowest,
        @Nullable Double highest,
        String unit) {
    static final ObjectMapper JSON = new JsonMapper();

    public Measurement {
        parameters = new TreeMap<>(parameters);
    }

    public Measurement(
            String benchmark,
            String method,
            Map<String, String> parameters,
            double score,
            @Nullable Double error,
            String unit) {
        this(benchmark, method, parameters, score, error, null, null, unit);
    }

    /** Returns the median of the values of several rounds, with their spread; at least one value. */
    public static Measurement ofRounds(
            String benchmark, String method, Map<String, String> parameters, List<Double> values, String unit) {
        List<Double> sorted = values.stream().sorted().toList();
        int last = sorted.size() - 1;
        double median = (sorted.get(last / 2) + sorted.get((last + 1) / 2)) / 2;
        return last == 0
                ? new Measurement(benchmark, method, parameters, median, null, unit)
                : new Measurement(benchmark, method, parameters, median, null, sorted.get(0), sorted.get(last), unit);
    }

    /** Writes measurements to a file that {@link Run#of} reads. */
    public static void write(Path file, List<Measurement> measurements) throws IOException {
        JSON.writeValue(file.toFile(), measurements);
    }

    /** Reads one entry of the JSON of JMH: one figure, or two percentiles of many samples. */
    static List<Measurement> ofJmh(JsonNode entry) {
        String name = entry.get("benchmark").textValue();
        int end = name.lastIndexOf('.');
        String benchmark = name.substring(name.lastIndexOf('.', end - 1) + 1, end);
        String method = name.substring(end + 1);
        Map<String, String> parameters = new TreeMap<>();
        entry.path("params")
                .properties()
                .forEach(it -> parameters.put(it.getKey(), it.getValue().textValue()));
        JsonNode metric = entry.get("primaryMetric");
        String unit = metric.get("scoreUnit").textValue();
        if (entry.path("mode").asText().equals("sample")) {
            JsonNode percentiles = metric.get("scorePercentiles");
            double median = percentiles.get("50.0").asDouble();
            double slow = percentiles.get("99.0").asDouble();
            return List.of(
                    new Measurement(benchmark, method + ", median", parameters, median, null, unit),
                    new Measurement(benchmark, method + ", 99 %", parameters, slow, null, unit));
        }
        double score = metric.get("score").asDouble();
        double error = metric.path("scoreError").asDouble(Double.NaN);
        return List.of(new Measurement(benchmark, method, parameters, score, Double.isNaN(error) ? null : error, unit));
    }

    /** Returns its column in a table: the values of its parameters. */
    String column() {
        return String.join(", ", parameters.values());
    }

    /** Returns the value of a parameter; empty if it has none of this name. */
    String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }

    /** Returns the value of a parameter that is a number. */
    double number(String name) {
        return Double.parseDouble(parameter(name));
    }

    /** Divides score, error and spread. */
    Measurement per(double number, String unit) {
        return new Measurement(
                benchmark,
                method,
                parameters,
                score / number,
                error == null ? null : error / number,
                lowest == null ? null : lowest / number,
                highest == null ? null : highest / number,
                unit);
    }
}

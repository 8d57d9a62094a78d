package io.mediaproxy.benchmarks.report;

import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import io.mediaproxy.benchmarks.process.Machine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All figures of a run. Its JSON has the same fields.
 *
 * @param command the command of the run
 * @param jdk the feature version of Java
 * @param environment the machine and the versions
 * @param figures in the order of the run
 */
record Run(String command, int jdk, Map<String, String> environment, List<Measurement> figures) {
    /** Reads files of JMH and of the comparisons; takes the environment from this process. */
    static Run of(String command, List<Path> files) throws IOException {
        List<Measurement> figures = new ArrayList<>();
        for (Path file : files) {
            for (JsonNode entry : Measurement.JSON.readTree(file.toFile())) {
                if (entry.has("method")) {
                    figures.add(Measurement.JSON.treeToValue(entry, Measurement.class));
                } else {
                    figures.addAll(Measurement.ofJmh(entry));
                }
            }
        }
        return new Run(command, Runtime.version().feature(), machine(), figures);
    }

    static Run read(Path file) throws IOException {
        return Measurement.JSON.readValue(file.toFile(), Run.class);
    }

    void write(Path file) throws IOException {
        Measurement.JSON.writer(new DefaultPrettyPrinter()).writeValue(file.toFile(), this);
    }

    private static Map<String, String> machine() {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("CPU", Machine.processor());
        environment.put(
                "operating system",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                        + System.getProperty("os.arch"));
        environment.put("JVM", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        String version = Run.class.getPackage().getImplementationVersion();
        environment.put("mediaproxy", version == null ? "unknown" : version);
        return environment;
    }

    /** Returns the names of all benchmarks in a new set. */
    Set<String> benchmarks() {
        return figures.stream().map(Measurement::benchmark).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Returns the figures of a benchmark; empty if it did not run. */
    List<Measurement> of(String benchmark) {
        return figures.stream().filter(m -> m.benchmark().equals(benchmark)).toList();
    }

    List<String> columns(String benchmark) {
        return Table.distinct(of(benchmark), Measurement::column);
    }

    /** Returns the figures of a method in all columns; NaN where there is none. */
    List<Double> scores(String benchmark, String method) {
        return columns(benchmark).stream()
                .map(column -> score(benchmark, method, column))
                .toList();
    }

    /** Returns the figure of a method in a column; NaN if there is none. */
    double score(String benchmark, String method, String column) {
        return of(benchmark).stream()
                .filter(m -> m.method().equals(method) && m.column().equals(column))
                .mapToDouble(Measurement::score)
                .findFirst()
                .orElse(Double.NaN);
    }
}

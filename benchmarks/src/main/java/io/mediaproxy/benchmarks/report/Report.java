package io.mediaproxy.benchmarks.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the page of a run.
 *
 * <pre>
 *   java -cp benchmarks.jar io.mediaproxy.benchmarks.report.Report FOLDER "COMMAND" FILE.json ...
 * </pre>
 *
 * <p>The files are what JMH writes ({@code -rf json}); other programs write the same few fields.
 */
public final class Report {
    private static final String REWRITE = "SdpRewriteBenchmark";
    private static final String JAIN_SDP = "jainSdp";

    private final Path folder;
    private final Map<String, List<Measurement>> benchmarks = new LinkedHashMap<>();

    private Report(Path folder) {
        this.folder = folder;
    }

    /** See above. */
    public static void main(String[] arguments) throws IOException {
        System.setProperty("java.awt.headless", "true");
        Report report = new Report(Files.createDirectories(Path.of(arguments[0])));
        for (int i = 2; i < arguments.length; i++) {
            report.read(Path.of(arguments[i]));
        }
        report.write(arguments[1]);
    }

    private void read(Path json) throws IOException {
        for (JsonNode entry : new ObjectMapper().readTree(json.toFile())) {
            Measurement measurement = Measurement.ofJmh(entry);
            benchmarks
                    .computeIfAbsent(measurement.benchmark(), name -> new ArrayList<>())
                    .add(measurement);
        }
    }

    private void write(String command) throws IOException {
        StringBuilder page = new StringBuilder("# Benchmarks\n\n");
        page.append("Made by `")
                .append(command)
                .append("`. What each benchmark measures: [benchmarks/README.md]")
                .append("(../../benchmarks/README.md).\n\n")
                .append(Environment.asTable())
                .append('\n');
        Charts charts = new Charts(folder);
        for (ChartKind kind : ChartKind.values()) {
            List<Measurement> measurements = benchmarks.getOrDefault(kind.benchmark, List.of()).stream()
                    .filter(kind::shows)
                    .toList();
            if (!measurements.isEmpty()) {
                kind.draw(charts, measurements);
            }
        }
        for (Map.Entry<String, List<Measurement>> benchmark : benchmarks.entrySet()) {
            page.append("## `").append(benchmark.getKey()).append("`\n\n");
            for (ChartKind kind : ChartKind.values()) {
                if (kind.benchmark.equals(benchmark.getKey())
                        && benchmark.getValue().stream().anyMatch(kind::shows)) {
                    page.append("![")
                            .append(kind.title)
                            .append("](")
                            .append(kind.file)
                            .append(".svg)\n\n");
                }
            }
            page.append(Table.of(benchmark.getValue())).append('\n');
            if (benchmark.getKey().equals(REWRITE)) {
                page.append(ratios(benchmark.getValue())).append('\n');
            }
        }
        Files.writeString(folder.resolve("README.md"), page.toString().strip() + "\n");
    }

    /** How many times as fast as JAIN-SDP, and how many times the floors, which is what can be compared between machines. */
    private static String ratios(List<Measurement> rewrite) {
        List<Measurement> ratios = new ArrayList<>();
        for (Measurement ours : rewrite) {
            if (!ours.method().equals("rewrite")) {
                continue;
            }
            Map<String, Double> others = new LinkedHashMap<>();
            rewrite.stream()
                    .filter(other -> other.column().equals(ours.column()))
                    .forEach(other -> others.put(other.method(), other.score()));
            if (others.containsKey(JAIN_SDP)) {
                ratios.add(ratio("jainSdp / rewrite", ours, others.get(JAIN_SDP) / ours.score()));
            }
            if (others.containsKey("lineIndexFloor") && others.containsKey("copyFloor")) {
                double floors = others.get("lineIndexFloor") + others.get("copyFloor");
                ratios.add(ratio("rewrite / (lineIndexFloor + copyFloor)", ours, ours.score() / floors));
            }
        }
        return ratios.isEmpty() ? "" : Table.of(ratios);
    }

    private static Measurement ratio(String name, Measurement of, double value) {
        return new Measurement(of.benchmark(), name, of.parameters(), value, Double.NaN, "times");
    }
}

package io.mediaproxy.benchmarks.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/** All that was measured, by benchmark. */
final class Run {
    private final Map<String, List<Measurement>> benchmarks = new LinkedHashMap<>();

    static Run of(List<Path> files) throws IOException {
        Run run = new Run();
        for (Path file : files) {
            for (JsonNode entry : new ObjectMapper().readTree(file.toFile())) {
                for (Measurement measurement : Measurement.ofJmh(entry)) {
                    run.benchmarks
                            .computeIfAbsent(measurement.benchmark(), name -> new ArrayList<>())
                            .add(measurement);
                }
            }
        }
        return run;
    }

    /** Writes all figures, for programs. */
    void writeTo(Path json) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ArrayNode figures = mapper.createArrayNode();
        benchmarks.values().forEach(all -> all.forEach(measurement -> measurement.writeTo(figures.addObject())));
        mapper.writerWithDefaultPrettyPrinter().writeValue(json.toFile(), figures);
    }

    Set<String> benchmarks() {
        return benchmarks.keySet();
    }

    /** Empty: not measured. */
    List<Measurement> of(String benchmark) {
        return benchmarks.getOrDefault(benchmark, List.of());
    }

    /** The figure of a method, in the column of that name. */
    OptionalDouble score(String benchmark, String method, String column) {
        return of(benchmark).stream()
                .filter(m -> m.method().equals(method) && m.column().equals(column))
                .mapToDouble(Measurement::score)
                .findFirst();
    }
}

package io.mediaproxy.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The measurements of one benchmark as a table in Markdown: a row for each method, a column for each value of its parameters. */
final class Table {
    private static final double EXACT_BELOW = 100;
    private static final double WHOLE_FROM = 1000;

    private Table() {}

    static String of(List<Measurement> measurements) {
        Set<String> columns = new LinkedHashSet<>();
        Set<String> rows = new LinkedHashSet<>();
        measurements.forEach(measurement -> {
            columns.add(measurement.column());
            rows.add(measurement.method());
        });
        StringBuilder text = new StringBuilder();
        line(text, "", columns);
        line(text, "---", columns.stream().map(column -> "---:").toList());
        for (String row : rows) {
            List<String> cells = new ArrayList<>();
            for (String column : columns) {
                cells.add(measurements.stream()
                        .filter(m -> m.method().equals(row) && m.column().equals(column))
                        .findFirst()
                        .map(Table::cell)
                        .orElse(""));
            }
            line(text, "`" + row + "` (" + unit(measurements, row) + ")", cells);
        }
        return text.toString();
    }

    private static String unit(List<Measurement> measurements, String row) {
        Optional<Measurement> first =
                measurements.stream().filter(m -> m.method().equals(row)).findFirst();
        return first.map(Measurement::unit).orElse("");
    }

    private static String cell(Measurement measurement) {
        String score = number(measurement.score());
        return Double.isNaN(measurement.error()) ? score : score + " ± " + number(measurement.error());
    }

    /** Three digits or more, and none that was not measured. */
    static String number(double value) {
        if (value >= WHOLE_FROM) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, value < EXACT_BELOW ? "%.2f" : "%.1f", value);
    }

    private static void line(StringBuilder text, String first, Iterable<String> cells) {
        text.append("| ")
                .append(first)
                .append(" | ")
                .append(String.join(" | ", cells))
                .append(" |\n");
    }
}

package io.mediaproxy.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The measurements of one benchmark as a table in Markdown: a row for each method, a column for each value of its parameters. One
 * method with many values has a row for each value, and a column for each value of a second parameter.
 */
final class Table {
    private static final double EXACT_BELOW = 100;
    private static final double WHOLE_FROM = 1000;
    private static final int MOST_COLUMNS = 4;

    private Table() {}

    static String of(List<Measurement> measurements) {
        long methods = measurements.stream().map(Measurement::method).distinct().count();
        long values = measurements.stream().map(Measurement::column).distinct().count();
        if (methods > 1 || values <= MOST_COLUMNS) {
            return table("", measurements, m -> code(m) + " (" + unit(m) + ")", Measurement::column);
        }
        String parameter = widest(measurements);
        return table(parameter, measurements, m -> m.parameter(parameter), m -> heading(m, parameter));
    }

    /** Everything that does not stand in the row. */
    private static String heading(Measurement measurement, String row) {
        Stream<String> others = measurement.parameters().entrySet().stream()
                .filter(entry -> !entry.getKey().equals(row))
                .sorted(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue);
        return Stream.concat(Stream.of(code(measurement)), others).collect(Collectors.joining(", ")) + " ("
                + unit(measurement) + ")";
    }

    /** The parameter that has most values. */
    private static String widest(List<Measurement> measurements) {
        String widest = "";
        long most = 0;
        for (String parameter : measurements.get(0).parameters().keySet()) {
            long values = measurements.stream()
                    .map(m -> m.parameter(parameter))
                    .distinct()
                    .count();
            if (values > most) {
                widest = parameter;
                most = values;
            }
        }
        return widest;
    }

    private static String table(
            String corner,
            List<Measurement> measurements,
            Function<Measurement, String> rowOf,
            Function<Measurement, String> columnOf) {
        Set<String> columns = new LinkedHashSet<>();
        Set<String> rows = new LinkedHashSet<>();
        measurements.forEach(measurement -> {
            columns.add(columnOf.apply(measurement));
            rows.add(rowOf.apply(measurement));
        });
        StringBuilder text = new StringBuilder();
        line(text, corner, columns);
        line(text, "---", columns.stream().map(column -> "---:").toList());
        for (String row : rows) {
            List<String> cells = new ArrayList<>();
            for (String column : columns) {
                cells.add(measurements.stream()
                        .filter(m ->
                                rowOf.apply(m).equals(row) && columnOf.apply(m).equals(column))
                        .findFirst()
                        .map(Table::cell)
                        .orElse(""));
            }
            line(text, row, cells);
        }
        return text.toString();
    }

    /** The names of JMH's methods are the source's; the scripts' are for people. */
    private static String code(Measurement measurement) {
        return measurement.benchmark().endsWith("Benchmark") ? "`" + measurement.method() + "`" : measurement.method();
    }

    private static String unit(Measurement measurement) {
        String unit = measurement.unit().replaceFirst("^us\\b", "µs");
        return unit.replaceFirst("(.+)/op$", "$1");
    }

    private static String cell(Measurement measurement) {
        String score = number(measurement.score());
        return Double.isNaN(measurement.error()) ? score : score + " ± " + number(measurement.error());
    }

    /** Three digits or more, and none that was not measured. */
    static String number(double value) {
        if (value == Math.rint(value) || Math.abs(value) >= WHOLE_FROM) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, Math.abs(value) < EXACT_BELOW ? "%.2f" : "%.1f", value);
    }

    /** Two digits or more. */
    static String rounded(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.1f" : "%,.0f", value);
    }

    static void line(StringBuilder text, String first, Iterable<String> cells) {
        text.append("| ")
                .append(first)
                .append(" | ")
                .append(String.join(" | ", cells))
                .append(" |\n");
    }
}

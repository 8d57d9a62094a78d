package io.mediaproxy.benchmarks.report;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A table in Markdown, and the tables of measurements. Not thread-safe. */
final class Table {
    private static final double EXACT_BELOW = 100;
    private static final double WHOLE_FROM = 1000;
    private static final int MOST_COLUMNS = 4;

    private final StringBuilder text = new StringBuilder();

    Table(String corner, Collection<String> columns) {
        row(corner, columns);
        row("---", Collections.nCopies(columns.size(), "---:"));
    }

    void row(String title, Collection<String> cells) {
        text.append("| " + title + " | " + String.join(" | ", cells) + " |\n");
    }

    @Override
    public String toString() {
        return text.toString();
    }

    /**
     * Makes the table of one benchmark, with a row for each method and a column for each value of its parameters. If
     * one method has many values, it has a row for each value of one parameter, and a column for each value of the
     * other.
     */
    static String of(List<Measurement> measurements) {
        if (distinct(measurements, Measurement::method).size() > 1
                || distinct(measurements, Measurement::column).size() <= MOST_COLUMNS) {
            return of("", measurements, m -> code(m) + inUnit(m), Measurement::column);
        }
        String rows = Collections.max(
                measurements.get(0).parameters().keySet(),
                Comparator.comparingInt(
                        it -> distinct(measurements, m -> m.parameter(it)).size()));
        return of(rows, measurements, m -> m.parameter(rows), m -> heading(m, rows));
    }

    static String of(
            String corner,
            List<Measurement> measurements,
            Function<Measurement, String> row,
            Function<Measurement, String> column) {
        List<String> columns = distinct(measurements, column);
        Table table = new Table(corner, columns);
        for (String title : distinct(measurements, row)) {
            Map<String, String> cells = new HashMap<>();
            measurements.stream()
                    .filter(m -> row.apply(m).equals(title))
                    .forEach(m -> cells.putIfAbsent(column.apply(m), cell(m)));
            table.row(
                    title,
                    columns.stream().map(name -> cells.getOrDefault(name, "")).toList());
        }
        return table.toString();
    }

    /** Returns all values in order, each once. */
    static List<String> distinct(List<Measurement> measurements, Function<Measurement, String> value) {
        return measurements.stream().map(value).distinct().toList();
    }

    /** Names all that is not in the row. */
    private static String heading(Measurement measurement, String row) {
        Stream<String> others = measurement.parameters().entrySet().stream()
                .filter(entry -> !entry.getKey().equals(row))
                .map(entry -> entry.getValue());
        return Stream.concat(Stream.of(code(measurement)), others).collect(Collectors.joining(", "))
                + inUnit(measurement);
    }

    /** A method of JMH is a name in the source; the comparisons have titles. */
    private static String code(Measurement measurement) {
        return measurement.benchmark().endsWith("Benchmark") ? "`" + measurement.method() + "`" : measurement.method();
    }

    /** Returns the unit for the end of a title; empty if it has none. */
    static String inUnit(Measurement measurement) {
        String unit = measurement.unit().replaceFirst("^us\\b", "µs").replaceFirst("(.+)/op$", "$1");
        return unit.isEmpty() ? "" : " (" + unit + ")";
    }

    private static String cell(Measurement measurement) {
        Double error = measurement.error();
        Double lowest = measurement.lowest();
        Double highest = measurement.highest();
        return number(measurement.score())
                + (error == null ? "" : " ± " + number(error))
                + (lowest == null || highest == null ? "" : " (" + number(lowest) + " to " + number(highest) + ")");
    }

    /** Writes three digits or more. */
    static String number(double value) {
        if (value == Math.rint(value) || Math.abs(value) >= WHOLE_FROM) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, Math.abs(value) < EXACT_BELOW ? "%.2f" : "%.1f", value);
    }

    /** Writes two digits or more. */
    static String rounded(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.1f" : "%,.0f", value);
    }
}

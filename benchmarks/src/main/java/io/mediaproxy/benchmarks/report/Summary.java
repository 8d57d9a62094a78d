package io.mediaproxy.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** What a rewrite comes to, as short as a front page has it: ratios, which can be compared between machines, and the time. */
final class Summary {
    private static final String REWRITE = Section.BODY.benchmark;

    private Summary() {}

    /** Markdown; empty: no rewrite was measured. */
    static String of(Run run) {
        List<String> samples = run.of(REWRITE).stream()
                .filter(m -> m.method().equals(Contestants.OURS))
                .map(Measurement::column)
                .toList();
        if (samples.isEmpty()) {
            return "";
        }
        List<Row> rows = new ArrayList<>();
        rows.add(new Row(
                "mediaproxy, ns for a body",
                samples.stream().map(s -> score(run, Contestants.OURS, s)).toList()));
        run.of(REWRITE).stream()
                .map(Measurement::method)
                .distinct()
                .filter(Contestants::isOther)
                .sorted(Contestants.ORDER)
                .forEach(other -> rows.add(new Row(
                        "times as fast as " + Contestants.title(other),
                        samples.stream()
                                .map(s -> score(run, other, s) / score(run, Contestants.OURS, s))
                                .toList())));
        rows.add(new Row(
                "times the floors (line index, and copy)",
                samples.stream()
                        .map(s -> score(run, Contestants.OURS, s)
                                / (score(run, Contestants.LINE_FLOOR, s) + score(run, Contestants.COPY_FLOOR, s)))
                        .toList()));
        StringBuilder text = new StringBuilder();
        Table.line(text, "", samples);
        Table.line(text, "---", samples.stream().map(s -> "---:").toList());
        rows.stream()
                .filter(row -> row.cells.stream().noneMatch(cell -> cell.isNaN()))
                .forEach(row -> Table.line(
                        text, row.title, row.cells.stream().map(Table::rounded).toList()));
        return text.toString();
    }

    private record Row(String title, List<Double> cells) {}

    /** NaN: not measured. */
    private static double score(Run run, String method, String sample) {
        OptionalDouble score = run.score(REWRITE, method, sample);
        return score.orElse(Double.NaN);
    }
}

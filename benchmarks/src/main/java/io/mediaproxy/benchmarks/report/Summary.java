package io.mediaproxy.benchmarks.report;

import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** The figures of the rewrite for the front page: the time, and ratios, which are comparable between machines. */
final class Summary {
    private Summary() {}

    /** Returns Markdown; empty if the rewrite was not measured. */
    static String of(Run run) {
        List<Double> ours = RewriteMethod.OURS.scores(run);
        if (ours.stream().allMatch(score -> score.isNaN())) {
            return "";
        }
        Table table = new Table("", run.columns(Section.BODY.benchmark));
        row(table, "mediaproxy, ns for a body", ours.size(), ours::get);
        for (RewriteMethod other : RewriteMethod.OTHERS) {
            List<Double> others = other.scores(run);
            row(table, "times as fast as " + other.title, ours.size(), i -> others.get(i) / ours.get(i));
        }
        List<Double> lines = RewriteMethod.LINE_FLOOR.scores(run);
        List<Double> copy = RewriteMethod.COPY_FLOOR.scores(run);
        String floors = "times the floors (line index, and copy)";
        row(table, floors, ours.size(), i -> ours.get(i) / (lines.get(i) + copy.get(i)));
        return table.toString();
    }

    /** Adds a row, unless a figure is missing. */
    private static void row(Table table, String title, int columns, IntToDoubleFunction cell) {
        double[] cells = IntStream.range(0, columns).mapToDouble(cell).toArray();
        if (DoubleStream.of(cells).noneMatch(Double::isNaN)) {
            table.row(title, DoubleStream.of(cells).mapToObj(Table::rounded).toList());
        }
    }
}

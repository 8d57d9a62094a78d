package io.mediaproxy.benchmarks.report;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The figures of the rewrite for the front page: the time, and ratios, which are comparable between machines. */
final class Summary {
    private final Run run;
    private final List<String> samples;
    private final Table table;

    private Summary(Run run, List<String> samples) {
        this.run = run;
        this.samples = samples;
        table = new Table("", samples);
    }

    /** Returns Markdown; empty if the rewrite was not measured. */
    static String of(Run run) {
        List<String> samples = run.of(Section.BODY.benchmark).stream()
                .filter(m -> m.method().equals(RewriteMethod.OURS.method))
                .map(Measurement::column)
                .toList();
        return samples.isEmpty() ? "" : new Summary(run, samples).text();
    }

    private String text() {
        row("mediaproxy, ns for a body", this::ours);
        for (RewriteMethod other : RewriteMethod.OTHERS) {
            row("times as fast as " + other.title, sample -> other.score(run, sample) / ours(sample));
        }
        row("times the floors (line index, and copy)", sample -> ours(sample) / floors(sample));
        return table.toString();
    }

    private double ours(String sample) {
        return RewriteMethod.OURS.score(run, sample);
    }

    private double floors(String sample) {
        return RewriteMethod.FLOORS.stream().mapToDouble(floor -> floor.score(run, sample)).sum();
    }

    /** Adds a row, unless a figure is missing. */
    private void row(String title, ToDoubleFunction<String> cell) {
        double[] cells = samples.stream().mapToDouble(cell).toArray();
        if (Arrays.stream(cells).noneMatch(Double::isNaN)) {
            table.row(title, Arrays.stream(cells).mapToObj(Table::rounded).toList());
        }
    }
}

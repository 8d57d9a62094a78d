package io.mediaproxy.benchmarks.report;

import java.util.List;
import java.util.stream.Stream;

/** Conditions of a comparison of proxies; if one is not met, its figures may not repeat. */
public enum Condition {
    LOAD("load average before the run", "", 0.5),
    STEAL("steal during the run", "%", 2),
    IDLE_CPU("CPU of all contestants that wait for their turn", "% of a core", 2),
    LAST_CHANGE("last change of the CPU per call", "%", 5);

    private final String title;
    private final String unit;
    private final double most;

    Condition(String title, String unit, double most) {
        this.title = title;
        this.unit = unit;
        this.most = most;
    }

    /** Returns the method of its measurements. */
    public String title() {
        return title;
    }

    public String unit() {
        return unit;
    }

    /** Returns whether a value is low enough. */
    public boolean isMet(double value) {
        return value <= most;
    }

    /** Returns a line for each condition that is not met. */
    public static List<String> warnings(List<Measurement> figures) {
        return figures.stream()
                .flatMap(figure -> Stream.of(values())
                        .filter(condition -> condition.title.equals(figure.method()))
                        .filter(condition -> !condition.isMet(figure.score()))
                        .map(condition ->
                                "warning: the figures may not repeat, as the %2$s of %1$s is %3$s, more than %4$s %5$s"
                                        .formatted(
                                                figure.column(),
                                                condition.title,
                                                Table.number(figure.score()),
                                                Table.number(condition.most),
                                                condition.unit)
                                        .strip()))
                .toList();
    }
}

package io.mediaproxy.benchmarks.report;

import io.mediaproxy.benchmarks.report.Charts.Point;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The steps of the overload of each proxy, as a table and as curves. */
final class OverloadSteps {
    private static final String PROXY = "proxy";
    private static final String LOAD = "load";
    private static final String OFFERED = "offered";
    private static final String GOODPUT = "goodput";

    private OverloadSteps() {}

    /** Returns goodput over offered load for each proxy, in the order of the load. */
    static Map<String, List<Point>> curves(List<Measurement> figures) {
        Map<String, List<Point>> curves = new LinkedHashMap<>();
        for (String proxy : Table.distinct(figures, m -> m.parameter(PROXY))) {
            Map<String, Double> goodput = new LinkedHashMap<>();
            of(figures, GOODPUT, proxy).forEach(m -> goodput.put(m.parameter(LOAD), m.score()));
            curves.put(
                    proxy,
                    of(figures, OFFERED, proxy)
                            .map(m -> new Point(m.score(), goodput.getOrDefault(m.parameter(LOAD), Double.NaN)))
                            .sorted(Comparator.comparingDouble(Point::x))
                            .toList());
        }
        return curves;
    }

    private static Stream<Measurement> of(List<Measurement> figures, String method, String proxy) {
        return figures.stream()
                .filter(m -> m.method().equals(method) && m.parameter(PROXY).equals(proxy));
    }

    /** Makes a table with a row for each step and figure, and a column for each proxy. */
    static String table(List<Measurement> figures) {
        Predicate<Measurement> shown = m -> !m.method().equals(OFFERED);
        return Table.of(
                "",
                figures.stream().filter(shown).toList(),
                m -> m.parameter(LOAD) + ": " + m.method() + Table.inUnit(m),
                m -> m.parameter(PROXY));
    }
}

package io.mediaproxy.benchmarks.report;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The methods of {@code SdpRewriteBenchmark}, in the order of the report. */
enum RewriteMethod {
    OURS("rewrite", "mediaproxy"),
    PARSE("parse", "mediaproxy, only reading"),
    JAIN_SDP("jainSdp", "JAIN-SDP"),
    REGEX("regex", "regular expressions"),
    SPLIT("split", "String.split"),
    LINE_FLOOR("lineIndexFloor", "floor: line index"),
    COPY_FLOOR("copyFloor", "floor: copy");

    static final List<RewriteMethod> OTHERS = List.of(JAIN_SDP, REGEX, SPLIT);
    static final List<RewriteMethod> FLOORS = List.of(LINE_FLOOR, COPY_FLOOR);

    /** Sorts methods that are not in this list last. */
    static final Comparator<Measurement> ORDER = Comparator.comparingLong(m ->
            Stream.of(values()).takeWhile(it -> !it.method.equals(m.method())).count());

    final String method;
    final String title;

    RewriteMethod(String method, String title) {
        this.method = method;
        this.title = title;
    }

    /** Returns the times in ns for all samples; NaN where there is none. */
    List<Double> scores(Run run) {
        return run.scores(Section.BODY.benchmark, method);
    }
}

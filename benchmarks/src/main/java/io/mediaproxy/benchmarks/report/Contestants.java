package io.mediaproxy.benchmarks.report;

import java.util.Comparator;

/** The ways to rewrite a body: what they are called, and in what order they stand. */
final class Contestants {
    static final String OURS = "rewrite";
    static final String PART = "parse";
    static final String LINE_FLOOR = "lineIndexFloor";
    static final String COPY_FLOOR = "copyFloor";

    /** Ours first, the floors last. */
    static final Comparator<String> ORDER =
            Comparator.comparingInt(Contestants::rank).thenComparing(Comparator.naturalOrder());

    private Contestants() {}

    /** Whether it does the same as ours, in another way. */
    static boolean isOther(String method) {
        return rank(method) == rank("");
    }

    /** Whether it does only what no rewriting can do without. */
    static boolean isFloor(String method) {
        return method.equals(LINE_FLOOR) || method.equals(COPY_FLOOR);
    }

    private static int rank(String method) {
        return switch (method) {
            case OURS -> 0;
            case PART -> 1;
            case LINE_FLOOR -> 3;
            case COPY_FLOOR -> 4;
            default -> 2;
        };
    }

    /** For people. */
    static String title(String method) {
        return switch (method) {
            case OURS -> "mediaproxy";
            case PART -> "mediaproxy, only reading";
            case LINE_FLOOR -> "floor: line index";
            case COPY_FLOOR -> "floor: copy";
            case "jainSdp" -> "JAIN-SDP";
            case "regex" -> "regular expressions";
            case "split" -> "String.split";
            default -> method;
        };
    }
}

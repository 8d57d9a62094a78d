package io.mediaproxy.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the time of a message goes. Some parts are measured by themselves, others are what is left when one measurement is taken
 * from another: the table says which.
 */
final class MessageParts {
    private static final String BENCHMARK = Section.MESSAGE.benchmark;
    private static final double PERCENT = 100;

    /** A stack's methods: all of it, reading, reading and writing; empty: not measured. */
    private record Stack(String title, String all, String parse, String parseAndEncode) {}

    private static final List<Stack> STACKS = List.of(
            new Stack("without a stack", "rawMessage", "rawMessageParse", "rawMessageContent"),
            new Stack("pkts", "pkts", "pktsParse", ""),
            new Stack("JAIN-SIP", "jainSip", "jainParse", "jainParseAndEncode"));

    private final Run run;

    private MessageParts(Run run) {
        this.run = run;
    }

    /** Markdown; empty: not all of it was measured. */
    static String of(Run run) {
        MessageParts parts = new MessageParts(run);
        boolean complete = STACKS.stream().allMatch(stack -> parts.score(stack.all) > 0 && parts.score(stack.parse) > 0)
                && parts.score("roundTrip") > 0
                && parts.score("sdpRewrite") > 0;
        return complete
                ? "Where the time goes (measured by itself, if it does not say that it is a difference):\n\n"
                        + parts.table()
                : "";
    }

    private String table() {
        StringBuilder text = new StringBuilder();
        Table.line(text, "µs", STACKS.stream().map(Stack::title).toList());
        Table.line(text, "---", STACKS.stream().map(stack -> "---:").toList());
        row(text, "reading the message", stack -> score(stack.parse));
        row(text, "the command and its round trip", stack -> score("roundTrip"));
        row(text, "reading and rewriting the SDP", stack -> score("sdpRewrite"));
        row(text, "writing the message (difference: reading and writing it, less reading it)", this::encode);
        row(text, "the rest (difference: all of it, less the above)", this::rest);
        row(text, "all of it", stack -> score(stack.all));
        return text.toString();
    }

    /** A part of what each stack takes. */
    @FunctionalInterface
    private interface Part {
        double of(Stack stack);
    }

    private void row(StringBuilder text, String title, Part part) {
        List<String> cells = new ArrayList<>();
        for (Stack stack : STACKS) {
            double value = part.of(stack);
            cells.add(
                    Double.isNaN(value)
                            ? "in the rest"
                            : Table.number(value) + " (" + Math.round(PERCENT * value / score(stack.all)) + " %)");
        }
        Table.line(text, title, cells);
    }

    private double encode(Stack stack) {
        return score(stack.parseAndEncode) - score(stack.parse);
    }

    private double rest(Stack stack) {
        double encode = encode(stack);
        return score(stack.all)
                - score(stack.parse)
                - score("roundTrip")
                - score("sdpRewrite")
                - (Double.isNaN(encode) ? 0 : encode);
    }

    /** NaN: not measured. */
    private double score(String method) {
        return run.score(BENCHMARK, method, "").orElse(Double.NaN);
    }
}

package io.mediaproxy.benchmarks.report;

import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Divides the time of a message into parts. Some are measured, others are differences; the table names them. */
final class MessageParts {
    private static final double PERCENT = 100;

    /** The methods of a stack: all of the work, reading, reading and writing; empty if not measured. */
    private record Stack(String title, String all, String parse, String parseAndEncode) {}

    private static final List<Stack> STACKS = List.of(
            new Stack("without a stack", "rawMessage", "rawMessageParse", "rawMessageContent"),
            new Stack("pkts", "pkts", "pktsParse", ""),
            new Stack("JAIN-SIP", "jainSip", "jainParse", "jainParseAndEncode"));

    private final Run run;
    private final Table table =
            new Table("µs", STACKS.stream().map(Stack::title).toList());

    private MessageParts(Run run) {
        this.run = run;
    }

    /** Returns Markdown; empty if a figure is missing. */
    static String of(Run run) {
        return new MessageParts(run).text();
    }

    private String text() {
        if (STACKS.stream().anyMatch(stack -> Double.isNaN(measured(stack)))) {
            return "";
        }
        row("read the message", stack -> score(stack.parse));
        row("the command and its round trip", stack -> score("roundTrip"));
        row("read and rewrite the SDP", stack -> score("sdpRewrite"));
        row("write the message (difference: read and write, minus read)", this::encode);
        row("the rest (difference: total minus the above)", this::rest);
        row("total", stack -> score(stack.all));
        return "Parts of the time; each is measured separately unless it is called a difference:\n\n" + table;
    }

    private void row(String title, ToDoubleFunction<Stack> part) {
        Function<Stack, String> cell = stack -> {
            double value = part.applyAsDouble(stack);
            return Double.isNaN(value)
                    ? "in the rest"
                    : Table.number(value) + " (" + Math.round(PERCENT * value / score(stack.all)) + " %)";
        };
        table.row(title, STACKS.stream().map(cell).toList());
    }

    private double encode(Stack stack) {
        return score(stack.parseAndEncode) - score(stack.parse);
    }

    private double rest(Stack stack) {
        double encode = encode(stack);
        return measured(stack) - (Double.isNaN(encode) ? 0 : encode);
    }

    /** Returns the total without the parts that every stack has; NaN if a figure is missing. */
    private double measured(Stack stack) {
        return score(stack.all) - score(stack.parse) - score("roundTrip") - score("sdpRewrite");
    }

    private double score(String method) {
        return run.score(Section.MESSAGE.benchmark, method, "");
    }
}

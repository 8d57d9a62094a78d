package io.mediaproxy.cli.demo;

import io.mediaproxy.cli.demo.LadderStep.Party;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Draws messages as arrows between three lines: caller, proxy, callee. ASCII, so that every terminal shows it.
 *
 * <pre>
 *        ms  caller                       proxy                        callee
 *       0.0    |------ INVITE + SDP -------&gt;|                            |
 *       1.8    |&lt;------- 100 Trying --------|                            |
 * </pre>
 */
final class Ladder {
    private static final int GAP = 28;
    private static final int TIME = 9;
    private static final String BLANK = " ".repeat(GAP);

    private Ladder() {}

    static List<String> draw(List<LadderStep> steps) {
        List<String> lines = new ArrayList<>(steps.size() + 1);
        lines.add((pad("ms", TIME) + "  " + heading("caller") + heading("proxy") + "callee").stripTrailing());
        for (LadderStep step : steps) {
            boolean left = step.from() == Party.CALLER || step.to() == Party.CALLER;
            boolean rightward = step.from() == Party.CALLER || step.to() == Party.CALLEE;
            String arrow = arrow(step.message() + (step.sdp() ? " + SDP" : ""), rightward);
            lines.add(pad(String.format(Locale.ROOT, "%.1f", step.millis()), TIME) + "    |" + (left ? arrow : BLANK)
                    + "|" + (left ? BLANK : arrow) + "|");
        }
        return lines;
    }

    private static String arrow(String label, boolean rightward) {
        int dashes = Math.max(2, GAP - 1 - 2 - label.length());
        String before = "-".repeat(dashes / 2);
        String after = "-".repeat(dashes - dashes / 2);
        String shaft = before + " " + label + " " + after;
        return rightward ? shaft + ">" : "<" + shaft;
    }

    private static String pad(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    /** A heading over a line, which is two columns to the right of its start. */
    private static String heading(String heading) {
        return heading + " ".repeat(GAP + 1 - heading.length());
    }
}

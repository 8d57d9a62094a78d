package io.mediaproxy.cli.pcap;

import io.mediaproxy.cli.text.Printable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Draws the messages of a call as arrows between vertical lines, one for each address. ASCII, so that every terminal
 * shows it.
 *
 * <pre>
 * A 10.0.0.10:5060
 * B 192.0.2.5:5060
 *
 * packet         s  A                                B
 *      1     0.000  |-------- INVITE + SDP ---------&gt;|
 *      2     0.002  |&lt;--------- 100 Trying ----------|
 * </pre>
 *
 * <p>With more than {@value #MAX_COLUMNS} addresses there are no lines; each message names its two addresses.
 */
final class CallLadder {
    private static final int MAX_COLUMNS = 5;
    private static final int GAP = 33;
    private static final int PACKET = 6;
    private static final int TIME = 10;
    private static final int MAX_LABEL = GAP - 6;
    /** Later addresses have no letter and are printed in full. */
    private static final int LETTERS = 26;

    private CallLadder() {}

    static List<String> draw(List<MessageReport> messages) {
        Set<String> parties = new LinkedHashSet<>();
        for (MessageReport message : messages) {
            parties.add(message.from());
            parties.add(message.to());
        }
        List<String> names = parties.stream().limit(LETTERS).toList();
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            lines.add(letter(i) + " " + names.get(i));
        }
        lines.add("");
        boolean columns = names.size() <= MAX_COLUMNS;
        StringBuilder heading = new StringBuilder(padded("packet", PACKET) + padded("s", TIME) + "  ");
        for (int i = 0; columns && i < names.size(); i++) {
            heading.append(letter(i)).append(" ".repeat(GAP - 1));
        }
        lines.add(heading.toString().stripTrailing());
        for (MessageReport message : messages) {
            String sdp = message.sdp() ? " + SDP" : "";
            String label = Printable.of(message.message(), MAX_LABEL - sdp.length()) + sdp;
            int from = names.indexOf(message.from());
            int to = names.indexOf(message.to());
            String arrow = columns
                    ? arrow(label, from, to, names.size())
                    : name(message.from(), from) + " -> " + name(message.to(), to) + "  " + label;
            lines.add(padded(Long.toString(message.packet()), PACKET)
                    + padded(String.format(Locale.ROOT, "%.3f", message.seconds()), TIME) + "  " + arrow);
        }
        return lines;
    }

    private static String arrow(String label, int from, int to, int columns) {
        int left = Math.min(from, to);
        int right = Math.max(from, to);
        if (left == right) {
            return blank(0, left) + "| " + label + " (to itself)";
        }
        int width = (right - left) * GAP - 1;
        int dashes = Math.max(2, width - label.length() - 3);
        String shaft = "-".repeat(dashes / 2) + " " + label + " " + "-".repeat(dashes - dashes / 2);
        String drawn = from < to ? shaft + ">" : "<" + shaft;
        return (blank(0, left) + "|" + drawn + "|" + blank(right + 1, columns)).stripTrailing();
    }

    /** The vertical lines of the columns that an arrow does not touch. */
    private static String blank(int from, int to) {
        StringBuilder lines = new StringBuilder();
        for (int i = from; i < to; i++) {
            lines.append(from == 0 ? "|" + " ".repeat(GAP - 1) : " ".repeat(GAP - 1) + "|");
        }
        return lines.toString();
    }

    private static String name(String party, int index) {
        return index < 0 ? party : String.valueOf(letter(index));
    }

    private static char letter(int index) {
        return (char) ('A' + index);
    }

    private static String padded(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }
}

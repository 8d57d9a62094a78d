package io.mediaproxy.cli.text;

import io.mediaproxy.sdp.SdpEdits;
import java.util.ArrayList;
import java.util.List;

/**
 * The edits of a session description as aligned columns: line, before, after, why.
 *
 * <p>Control characters of the message are shown as escapes, so that they cannot affect the terminal. A value of more
 * than {@value #WIDEST} characters is cut.
 */
public final class EditTable {
    private static final int WIDEST = 44;
    private static final String GAP = "  ";

    private record Row(String line, String before, String after, String why) {}

    private EditTable() {}

    /** Returns the heading and a line for each edit; empty if there is no edit. */
    public static List<String> draw(List<SdpEdits.Explanation> edits) {
        if (edits.isEmpty()) {
            return List.of();
        }
        List<Row> rows = new ArrayList<>(edits.size() + 1);
        rows.add(new Row("line", "before", "after", "why"));
        for (SdpEdits.Explanation edit : edits) {
            rows.add(new Row(
                    Integer.toString(edit.line()),
                    edit.before().isEmpty() ? "(added)" : shown(edit.before()),
                    edit.after().isEmpty() ? "(removed)" : shown(edit.after()),
                    edit.why()));
        }
        int line = rows.stream().mapToInt(row -> row.line().length()).max().orElse(0);
        int before = rows.stream().mapToInt(row -> row.before().length()).max().orElse(0);
        int after = rows.stream().mapToInt(row -> row.after().length()).max().orElse(0);
        return rows.stream()
                .map(row -> " ".repeat(line - row.line().length())
                        + row.line()
                        + GAP
                        + padded(row.before(), before)
                        + GAP
                        + padded(row.after(), after)
                        + GAP
                        + row.why())
                .toList();
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(width - text.length());
    }

    private static String shown(String value) {
        return Printable.of(value, WIDEST);
    }
}

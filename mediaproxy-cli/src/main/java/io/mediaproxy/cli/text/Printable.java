package io.mediaproxy.cli.text;

/**
 * Prepares text from a message for a terminal: control characters and those that change the direction become escapes.
 */
public final class Printable {
    private static final String MARKER = "...";

    private Printable() {}

    /** Returns at most that many characters; the end of a longer text is replaced by {@value #MARKER}. */
    public static String of(String value, int widest) {
        StringBuilder text = new StringBuilder();
        value.codePoints().forEach(c -> {
            switch (c) {
                case '\r' -> text.append("\\r");
                case '\n' -> text.append("\\n");
                case '\t' -> text.append("\\t");
                default -> {
                    if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                        text.append("\\u{").append(Integer.toHexString(c)).append('}');
                    } else {
                        text.appendCodePoint(c);
                    }
                }
            }
        });
        return text.length() <= widest ? text.toString() : text.substring(0, widest - MARKER.length()) + MARKER;
    }
}

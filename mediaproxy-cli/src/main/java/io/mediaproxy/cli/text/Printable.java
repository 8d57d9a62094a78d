package io.mediaproxy.cli.text;

/** Text from a message as a terminal may see it: control characters and those that change the direction are escapes. */
public final class Printable {
    private static final String MARKER = "...";

    private Printable() {}

    /** At most that many characters; of more the end is cut, and {@value #MARKER} stands there. */
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

package io.mediaproxy.sdp;

import java.util.Locale;

/** The first token of a header field value, which most fields about a body begin with. */
final class FirstToken {
    private static final String DELIMITERS = " \t;,(";

    private FirstToken() {}

    /** The text before the first blank, semicolon, comma or comment, in lower case. */
    static String of(String value) {
        String text = value.strip();
        int end = 0;
        while (end < text.length() && DELIMITERS.indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return text.substring(0, end).toLowerCase(Locale.ROOT);
    }
}

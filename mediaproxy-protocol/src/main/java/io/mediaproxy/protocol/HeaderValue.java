package io.mediaproxy.protocol;

import io.mediaproxy.protocol.log.Excerpt;

/**
 * Makes text from a SIP message fit for a header line.
 *
 * <p><em>Identifying</em> values (Call-ID, tags, addresses) decide which session a command belongs to. A value that
 * does not fit is refused, because a changed one would identify another session. <em>Descriptive</em> values (URIs,
 * user agent) only appear in statistics. They are sanitised, so that a phone with unusual values still gets its call.
 *
 * <p>In both, an unpaired surrogate becomes U+FFFD, as in the JDK's decoder for bytes that are not UTF-8, and white
 * space at the end is dropped, because the dispatcher drops a line that ends in {@code ": "}.
 */
final class HeaderValue {
    private static final char REPLACEMENT = '\uFFFD';

    private HeaderValue() {}

    /**
     * Cleans an identifying value.
     *
     * @param maxBytes the longest value allowed, in UTF-8 bytes
     * @throws CommandRefusedException if the value has a CR, LF or NUL or is too long
     */
    static String identifying(String field, String value, int maxBytes) {
        for (int i = 0; i < value.length(); i++) {
            if (breaksLine(value.charAt(i))) {
                throw new CommandRefusedException(field, Excerpt.of(value), "no CR, LF or NUL");
            }
        }
        String clean = withoutTrailingSpace(wellFormed(value));
        if (utf8Length(clean) > maxBytes) {
            throw new CommandRefusedException(
                    field, Excerpt.of(value) + " of " + utf8Length(clean) + " bytes", "at most " + maxBytes + " bytes");
        }
        return clean;
    }

    /** Cleans a value as {@link #identifying}, and refuses an empty one. */
    static String mandatory(String field, String value, int maxBytes) {
        String clean = identifying(field, value, maxBytes);
        if (clean.isEmpty()) {
            throw new CommandRefusedException(field, Excerpt.of(value), "not empty");
        }
        return clean;
    }

    /**
     * Sanitises a value: each run of CR, LF and NUL becomes one space; cut at {@code maxBytes}; {@code ifEmpty} if
     * nothing is left.
     */
    static String descriptive(String value, int maxBytes, String ifEmpty) {
        String line = withoutTrailingSpace(wellFormed(oneLine(value)));
        if (utf8Length(line) > maxBytes) {
            line = withoutTrailingSpace(line.substring(0, charsWithin(line, maxBytes)));
        }
        return line.isEmpty() ? ifEmpty : line;
    }

    /** Returns the length of well-formed text in UTF-8. */
    static int utf8Length(String text) {
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            length += utf8Length(text.charAt(i));
        }
        return length;
    }

    /** Returns 2 for a surrogate, half of its pair's four bytes. */
    private static int utf8Length(char c) {
        if (c < 0x80) {
            return 1;
        }
        return c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }

    private static int charsWithin(String text, int maxBytes) {
        int bytes = 0;
        int pos = 0;
        while (pos < text.length() && bytes + utf8Length(text.charAt(pos)) <= maxBytes) {
            bytes += utf8Length(text.charAt(pos));
            pos++;
        }
        return pos > 0 && Character.isHighSurrogate(text.charAt(pos - 1)) ? pos - 1 : pos;
    }

    private static String withoutTrailingSpace(String value) {
        int end = value.length();
        while (end > 0 && isSpace(value.charAt(end - 1))) {
            end--;
        }
        return value.substring(0, end);
    }

    /** Returns whether Java or Python takes this for white space; they differ in the no-break spaces and NEL. */
    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
    }

    private static String oneLine(String value) {
        int first = 0;
        while (first < value.length() && !breaksLine(value.charAt(first))) {
            first++;
        }
        if (first == value.length()) {
            return value;
        }
        StringBuilder line = new StringBuilder(value.length()).append(value, 0, first);
        boolean inBreak = false;
        for (int i = first; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean breaks = breaksLine(c);
            if (!breaks) {
                line.append(c);
            } else if (!inBreak) {
                line.append(' ');
            }
            inBreak = breaks;
        }
        return line.toString();
    }

    private static String wellFormed(String value) {
        int first = unpairedSurrogate(value, 0);
        if (first < 0) {
            return value;
        }
        StringBuilder repaired = new StringBuilder(value);
        for (int i = first; i >= 0; i = unpairedSurrogate(value, i + 1)) {
            repaired.setCharAt(i, REPLACEMENT);
        }
        return repaired.toString();
    }

    /** Returns the position of the first unpaired surrogate from {@code start} on, or -1. */
    private static int unpairedSurrogate(String value, int start) {
        int pos = start;
        while (pos < value.length()) {
            int codePoint = value.codePointAt(pos);
            if (codePoint <= Character.MAX_VALUE && Character.isSurrogate((char) codePoint)) {
                return pos;
            }
            pos += Character.charCount(codePoint);
        }
        return -1;
    }

    private static boolean breaksLine(char c) {
        return c == '\r' || c == '\n' || c == '\0';
    }
}

package io.mediaproxy.examples.stateless;

import java.nio.charset.StandardCharsets;

/** The tag in the value of a From or To header field (RFC 3261 20.20, 20.39). */
final class AddressTag {
    private static final String TAG = "tag";

    private AddressTag() {}

    /** Returns the tag; an empty text if there is none. */
    static String of(byte[] array, int valueStart, int valueEnd) {
        int pos = addressEnd(array, valueStart, valueEnd);
        while (pos < valueEnd) {
            int start = Ascii.skipWhiteSpace(array, Ascii.indexOf(array, pos, valueEnd, ';') + 1, valueEnd);
            int end = Ascii.indexOf(array, start, valueEnd, ';');
            int nameEnd = Ascii.indexOf(array, start, end, '=');
            if (Ascii.trimEnd(array, start, nameEnd) - start == TAG.length()
                    && Ascii.startsWith(array, start, nameEnd, TAG)) {
                int tag = Ascii.skipWhiteSpace(array, Math.min(nameEnd + 1, end), end);
                return new String(array, tag, Ascii.trimEnd(array, tag, end) - tag, StandardCharsets.UTF_8);
            }
            pos = end;
        }
        return "";
    }

    /** Returns the position after the URI in angle brackets; without brackets, of the first semicolon (RFC 3261 20). */
    private static int addressEnd(byte[] array, int start, int end) {
        int pos = start;
        while (pos < end && array[pos] != '<') {
            pos = array[pos] == '"' ? Ascii.skipQuoted(array, pos, end) : pos + 1;
        }
        return pos < end ? Ascii.indexOf(array, pos, end, '>') : Ascii.indexOf(array, start, end, ';');
    }
}

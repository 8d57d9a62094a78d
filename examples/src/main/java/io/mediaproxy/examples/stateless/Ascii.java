package io.mediaproxy.examples.stateless;

/** Searches and compares bytes as SIP's grammar requires (RFC 3261 25.1). */
final class Ascii {
    private static final int MAX_DIGITS = 9;

    private Ascii() {}

    static byte lowerCase(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b + ('a' - 'A')) : b;
    }

    /** Includes the line ends of a folded field. */
    static boolean isWhiteSpace(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }

    static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** Whether the range begins with a text, ignoring case. */
    static boolean startsWith(byte[] array, int start, int end, String lowerCaseText) {
        if (end - start < lowerCaseText.length()) {
            return false;
        }
        for (int i = 0; i < lowerCaseText.length(); i++) {
            if (lowerCase(array[start + i]) != lowerCaseText.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Returns the number of one to nine digits that fill the range; -1 if it is not one. */
    static int number(byte[] array, int start, int end) {
        int digits = end - start;
        if (digits < 1 || digits > MAX_DIGITS) {
            return -1;
        }
        int number = 0;
        for (int i = start; i < end; i++) {
            if (!isDigit(array[i])) {
                return -1;
            }
            number = 10 * number + array[i] - '0';
        }
        return number;
    }

    static int skipWhiteSpace(byte[] array, int start, int end) {
        int pos = start;
        while (pos < end && isWhiteSpace(array[pos])) {
            pos++;
        }
        return pos;
    }

    /** Returns the end of a range without its trailing white space. */
    static int trimEnd(byte[] array, int start, int end) {
        int trimmed = end;
        while (trimmed > start && isWhiteSpace(array[trimmed - 1])) {
            trimmed--;
        }
        return trimmed;
    }

    /** Returns the first position of a byte; the range's end if it does not occur. */
    static int indexOf(byte[] array, int start, int end, char wanted) {
        int pos = start;
        while (pos < end && array[pos] != wanted) {
            pos++;
        }
        return pos;
    }

    /**
     * Returns the position after a quoted string that begins here; one after the range's end if it is not closed (RFC
     * 3261 25.1).
     */
    static int skipQuoted(byte[] array, int start, int end) {
        for (int pos = start + 1; pos < end; pos++) {
            if (array[pos] == '\\') {
                pos++;
            } else if (array[pos] == '"') {
                return pos + 1;
            }
        }
        return end + 1;
    }
}

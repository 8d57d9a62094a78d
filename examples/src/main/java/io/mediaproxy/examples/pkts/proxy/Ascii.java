package io.mediaproxy.examples.pkts.proxy;

/** What SIP's grammar asks of single bytes (RFC 3261 25.1). */
final class Ascii {
    private static final int MAX_DIGITS = 9;

    private Ascii() {}

    static byte lowerCase(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b + ('a' - 'A')) : b;
    }

    /** Also the line ends of a folded field. */
    static boolean isWhiteSpace(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }

    static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** Whether the range begins with a text, in any case. */
    static boolean startsWith(byte[] array, int startInclusive, int endExclusive, String lowerCaseText) {
        if (endExclusive - startInclusive < lowerCaseText.length()) {
            return false;
        }
        for (int i = 0; i < lowerCaseText.length(); i++) {
            if (lowerCase(array[startInclusive + i]) != lowerCaseText.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** A number of one to nine digits that fill the range, or -1. */
    static int number(byte[] array, int startInclusive, int endExclusive) {
        int digits = endExclusive - startInclusive;
        if (digits < 1 || digits > MAX_DIGITS) {
            return -1;
        }
        int number = 0;
        for (int i = startInclusive; i < endExclusive; i++) {
            if (!isDigit(array[i])) {
                return -1;
            }
            number = 10 * number + array[i] - '0';
        }
        return number;
    }

    static int skipWhiteSpace(byte[] array, int startInclusive, int endExclusive) {
        int pos = startInclusive;
        while (pos < endExclusive && isWhiteSpace(array[pos])) {
            pos++;
        }
        return pos;
    }

    /** The end of a range without the white space that ends it. */
    static int trimEnd(byte[] array, int startInclusive, int endExclusive) {
        int end = endExclusive;
        while (end > startInclusive && isWhiteSpace(array[end - 1])) {
            end--;
        }
        return end;
    }

    /** Where a byte stands first, or the range's end. */
    static int indexOf(byte[] array, int startInclusive, int endExclusive, char wanted) {
        int pos = startInclusive;
        while (pos < endExclusive && array[pos] != wanted) {
            pos++;
        }
        return pos;
    }

    /** Behind a quoted string that begins here, or the range's end where nothing closes it (RFC 3261 25.1, quoted-string). */
    static int skipQuoted(byte[] array, int startInclusive, int endExclusive) {
        for (int pos = startInclusive + 1; pos < endExclusive; pos++) {
            if (array[pos] == '\\') {
                pos++;
            } else if (array[pos] == '"') {
                return pos + 1;
            }
        }
        return endExclusive;
    }
}

package io.mediaproxy.protocol;

/** Recognises IPv4 literals: four decimal octets without leading zeros, which some readers take for octal. */
final class Ipv4 {
    private static final int OCTETS = 4;

    private Ipv4() {}

    static boolean isLiteral(String text) {
        int pos = 0;
        for (int octet = 0; octet < OCTETS; octet++) {
            if (octet > 0) {
                if (pos == text.length() || text.charAt(pos) != '.') {
                    return false;
                }
                pos++;
            }
            int end = endOfOctet(text, pos);
            if (end < 0) {
                return false;
            }
            pos = end;
        }
        return pos == text.length();
    }

    /** Returns the position after the octet that starts at {@code start}, or -1 if none starts there. */
    private static int endOfOctet(String text, int start) {
        int value = 0;
        int pos = start;
        while (pos < text.length() && isDigit(text.charAt(pos)) && pos - start < 3) {
            value = value * 10 + (text.charAt(pos) - '0');
            pos++;
        }
        boolean leadingZero = pos - start > 1 && text.charAt(start) == '0';
        return pos == start || value > 255 || leadingZero ? -1 : pos;
    }

    /** Returns whether the text can only be meant as an IPv4 literal, valid or not. */
    static boolean isDigitsAndDots(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isDigit(text.charAt(i)) && text.charAt(i) != '.') {
                return false;
            }
        }
        return !text.isEmpty();
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}

package io.mediaproxy.embedded.python;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * Reads integers as Python's {@code int(text)} does, since the relay reads {@code cseq} and ports with it. White space
 * around the number, a sign, digits of any script, and single underscores between digits are allowed.
 */
public final class PythonInteger {
    /** The most digits that Python converts to an integer. */
    public static final int MAX_DIGITS = 4_300;

    private PythonInteger() {}

    /**
     * Parses an integer.
     *
     * @param text of any length
     * @return the integer; null if Python would raise an error
     */
    public static @Nullable BigInteger parse(String text) {
        String number = text.strip();
        StringBuilder digits = new StringBuilder(number.length());
        int at = 0;
        if (!number.isEmpty() && (number.charAt(0) == '+' || number.charAt(0) == '-')) {
            at = 1;
        }
        boolean digitBefore = false;
        while (at < number.length()) {
            int codePoint = number.codePointAt(at);
            int digit = Character.digit(codePoint, 10);
            if (digit >= 0) {
                digits.append((char) ('0' + digit));
                digitBefore = true;
            } else if (codePoint == '_' && digitBefore) {
                digitBefore = false;
            } else {
                return null;
            }
            at += Character.charCount(codePoint);
        }
        if (!digitBefore || digits.length() > MAX_DIGITS) {
            return null;
        }
        BigInteger value = new BigInteger(digits.toString());
        return number.charAt(0) == '-' ? value.negate() : value;
    }
}

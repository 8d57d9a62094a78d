package io.mediaproxy.sdp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Verbs on ASCII bytes in an array. Ranges are {@code [start, end)}, absolute in the array. */
final class Ascii {
    static final byte CR = '\r';
    static final byte LF = '\n';

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long EVERY_LF = 0x0A0A_0A0A_0A0A_0A0AL;
    private static final long LOW_SEVEN = 0x7F7F_7F7F_7F7F_7F7FL;

    private static final long EVERY_TOP_BIT = 0x8080_8080_8080_8080L;

    /** {@code '!'}: below it there are SP, TAB and other control characters. */
    private static final long EVERY_FIRST_VISIBLE = 0x2121_2121_2121_2121L;

    /** Two words. */
    static final int SHORT = 2 * Long.BYTES;

    private static final byte[] DIGIT_PAIRS = digitPairs();

    private static final int EXCERPT_BYTES = 64;

    private Ascii() {}

    /** Eight bytes as one word; the byte at {@code pos} is the lowest. */
    static long word(byte[] buffer, int pos) {
        return (long) LONG.get(buffer, pos);
    }

    /** The same word for text known beforehand, which has eight characters. */
    static long word(String text) {
        return word(text.getBytes(StandardCharsets.US_ASCII), 0);
    }

    /**
     * The top bit of each byte of {@code word} that is LF, and no other bit.
     *
     * <p>Exact for every input: with {@code x = word ^ LF}, a byte of {@code (x & 0x7F) + 0x7F} has its top bit set unless
     * the low seven bits of {@code x} are zero; it is at most 0xFE, so no carry reaches the next byte. {@code | x} adds the
     * eighth bit. What is left without a top bit is the zero byte of {@code x}, that is, LF. (The shorter
     * {@code (x - 0x01..) & ~x & 0x80..} borrows across bytes and also reports a 0x0B that follows an LF.)
     */
    static long lineFeeds(long word) {
        long x = word ^ EVERY_LF;
        return ~(((x & LOW_SEVEN) + LOW_SEVEN) | x | LOW_SEVEN);
    }

    /** The first LF in the range, or -1. */
    static int lineFeed(byte[] buffer, int start, int end) {
        int pos = start;
        for (; pos <= end - Long.BYTES; pos += Long.BYTES) {
            long marks = lineFeeds(word(buffer, pos));
            if (marks != 0) {
                return pos + (Long.numberOfTrailingZeros(marks) >> 3);
            }
        }
        return indexOf(buffer, pos, end, LF);
    }

    /** The first position in the range that is neither SP nor TAB, or {@code end}. */
    static int skipBlanks(byte[] buffer, int start, int end) {
        int pos = start;
        while (pos < end && isBlank(buffer[pos])) {
            pos++;
        }
        return pos;
    }

    /** The first position in the range that is SP or TAB, or {@code end}. */
    static int tokenEnd(byte[] buffer, int start, int end) {
        int pos = start;
        while (pos < end && buffer.length - pos >= Long.BYTES) {
            // Marks what is below '!', blanks among it. The lowest mark is exact, as a borrow only runs upwards.
            long word = word(buffer, pos);
            long marks = (word - EVERY_FIRST_VISIBLE) & ~word & EVERY_TOP_BIT;
            if (marks != 0) {
                pos += Long.numberOfTrailingZeros(marks) >> 3;
                break;
            }
            pos += Long.BYTES;
        }
        while (pos < end && !isBlank(buffer[pos])) {
            pos++;
        }
        return Math.min(pos, end);
    }

    static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    /** Whether the range starts with {@code text}, byte for byte. */
    static boolean startsWith(byte[] buffer, int start, int end, byte[] text) {
        if (end - start < text.length) {
            return false;
        }
        for (int i = 0; i < text.length; i++) {
            if (buffer[start + i] != text[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether the range starts with {@code lowerCase}, in any case; {@code lowerCase} holds letters and {@code '-'} only. */
    static boolean startsWithIgnoreCase(byte[] buffer, int start, int end, byte[] lowerCase) {
        if (end - start < lowerCase.length) {
            return false;
        }
        for (int i = 0; i < lowerCase.length; i++) {
            byte b = buffer[start + i];
            if ((b | 0x20) != lowerCase[i] || b < ' ') { // CR | 0x20 is '-'.
                return false;
            }
        }
        return true;
    }

    static boolean equals(byte[] buffer, int start, int end, byte[] text) {
        return end - start == text.length && startsWith(buffer, start, end, text);
    }

    static int indexOf(byte[] buffer, int start, int end, byte wanted) {
        for (int pos = start; pos < end; pos++) {
            if (buffer[pos] == wanted) {
                return pos;
            }
        }
        return -1;
    }

    /** A port number of one to five digits, 0 to 65535, or -1 when the range is anything else. */
    static int port(byte[] buffer, int start, int end) {
        if (end - start < 1 || end - start > 5) {
            return -1;
        }
        int value = 0;
        for (int pos = start; pos < end; pos++) {
            int digit = buffer[pos] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value <= 65535 ? value : -1;
    }

    /** Writes a number that is not negative, and gives the position behind it. */
    static int putDecimal(byte[] target, int pos, int value) {
        int end = pos + digits(value);
        int at = end;
        int rest = value;
        while (rest >= 10) {
            int tens = rest / 100;
            int pair = 2 * (rest - 100 * tens);
            target[--at] = DIGIT_PAIRS[pair + 1];
            target[--at] = DIGIT_PAIRS[pair];
            rest = tens;
        }
        if (at > pos) {
            target[pos] = (byte) ('0' + rest);
        }
        return end;
    }

    /** Ports, which most numbers here are, have at most five. */
    private static int digits(int value) {
        if (value < 10_000) {
            return value < 100 ? (value < 10 ? 1 : 2) : (value < 1000 ? 3 : 4);
        }
        int digits = 5;
        for (long bound = 100_000; value >= bound; bound *= 10) {
            digits++;
        }
        return digits;
    }

    /** "000102...99". */
    private static byte[] digitPairs() {
        byte[] pairs = new byte[200];
        for (int i = 0; i < 100; i++) {
            pairs[2 * i] = (byte) ('0' + i / 10);
            pairs[2 * i + 1] = (byte) ('0' + i % 10);
        }
        return pairs;
    }

    /** Copies {@link #SHORT} bytes; for a text that is not longer that is cheaper than a call that has to find out its length. */
    static void copyShort(byte[] source, int from, byte[] target, int to) {
        LONG.set(target, to, word(source, from));
        LONG.set(target, to + Long.BYTES, word(source, from + Long.BYTES));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static String string(byte[] buffer, int start, int end) {
        return new String(buffer, start, end - start, StandardCharsets.UTF_8);
    }

    /** The range for an error message: quoted, escaped to printable ASCII and cut at 64 bytes. */
    static String excerpt(byte[] buffer, int start, int end) {
        int cut = Math.min(end, start + EXCERPT_BYTES);
        StringBuilder text = new StringBuilder(cut - start + 8).append('"');
        for (int pos = start; pos < cut; pos++) {
            byte b = buffer[pos];
            if (b >= 0x20 && b < 0x7F && b != '"' && b != '\\') {
                text.append((char) b);
            } else {
                text.append("\\x")
                        .append(Character.forDigit((b >> 4) & 0xF, 16))
                        .append(Character.forDigit(b & 0xF, 16));
            }
        }
        return text.append(cut < end ? "\"..." : "\"").toString();
    }
}

package io.mediaproxy.sdp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Operations on ASCII bytes in an array. Ranges are {@code [start, end)}, absolute in the array. Thread-safe. */
final class Ascii {
    static final byte CR = '\r';
    static final byte LF = '\n';

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long EVERY_LF = 0x0A0A_0A0A_0A0A_0A0AL;
    private static final long LOW_SEVEN = 0x7F7F_7F7F_7F7F_7F7FL;

    private static final long EVERY_TOP_BIT = 0x8080_8080_8080_8080L;

    private static final long EVERY_ONE = 0x0101_0101_0101_0101L;
    private static final long EVERY_ZERO = 0x3030_3030_3030_3030L;
    private static final long EVERY_CARRY_ABOVE_NINE = 0x7676_7676_7676_7676L;
    private static final long EVERY_SLASH = EVERY_ONE * '/';
    private static final long EVERY_COLON = EVERY_ONE * ':';
    private static final long LOW_PAIRS = 0x0000_00FF_0000_00FFL;

    /** {@code '!'}: below it there are SP, TAB and other control characters. */
    private static final long EVERY_FIRST_VISIBLE = 0x2121_2121_2121_2121L;

    /** Two words. */
    static final int SHORT = 2 * Long.BYTES;

    private static final int EXCERPT_BYTES = 64;

    private Ascii() {}

    /** Eight bytes as one word; the byte at {@code pos} is the lowest. */
    static long word(byte[] buffer, int pos) {
        return (long) LONG.get(buffer, pos);
    }

    /** The first eight bytes of the range as one word; zeros take the place of bytes after its end. */
    static long wordBefore(byte[] buffer, int start, int end) {
        int missing = start + Long.BYTES - end;
        if (missing <= 0) {
            return word(buffer, start);
        }
        return start >= missing ? word(buffer, start - missing) >>> (missing << 3) : firstWord(buffer, start, end);
    }

    private static long firstWord(byte[] buffer, int start, int end) {
        long word = 0;
        for (int pos = end - 1; pos >= start; pos--) {
            word = word << Byte.SIZE | (buffer[pos] & 0xFF);
        }
        return word;
    }

    /** The same word for a constant of eight characters. */
    static long word(String text) {
        return word(text.getBytes(StandardCharsets.US_ASCII), 0);
    }

    /**
     * The top bit of each byte of {@code word} that is LF, and no other bit.
     *
     * <p>Exact for every input: with {@code x = word ^ LF}, a byte of {@code (x & 0x7F) + 0x7F} has its top bit set
     * unless the low seven bits of {@code x} are zero; it is at most 0xFE, so no carry reaches the next byte. {@code |
     * x} adds the eighth bit. What is left without a top bit is the zero byte of {@code x}, that is, LF. (The shorter
     * {@code (x - 0x01..) & ~x & 0x80..} borrows across bytes and also reports a 0x0B that follows an LF.)
     */
    static long lineFeeds(long word) {
        long x = word ^ EVERY_LF;
        return ~(((x & LOW_SEVEN) + LOW_SEVEN) | x | LOW_SEVEN);
    }

    /** The first LF in the range, or {@code end}. */
    static int lineFeed(byte[] buffer, int start, int end) {
        int pos = start;
        for (; pos <= end - Long.BYTES; pos += Long.BYTES) {
            long marks = lineFeeds(word(buffer, pos));
            if (marks != 0) {
                return pos + (Long.numberOfTrailingZeros(marks) >> 3);
            }
        }
        while (pos < end && buffer[pos] != LF) {
            pos++;
        }
        return pos;
    }

    /** Where the content of a line that has a type ends: before all CRs in front of its LF. */
    static int contentEnd(byte[] buffer, int lineFeed) {
        int end = lineFeed;
        while (buffer[end - 1] == CR) { // Software that translates line ends twice writes two.
            end--;
        }
        return end;
    }

    /** The number of the line that {@code pos} is in, counted from 1 at {@code start}. */
    static int lineNumber(byte[] buffer, int start, int pos) {
        int line = 1;
        for (int at = start; at < pos; at++) {
            if (buffer[at] == LF) {
                line++;
            }
        }
        return line;
    }

    // Most searches end within the first bytes: the first steps are unrolled, because a loop costs more to begin than
    // it then runs. The loop is a separate method, which is rarely called.

    /** The first position in the range that is not blank, or {@code end}. */
    static int skipBlanks(byte[] buffer, int start, int end) {
        if (start >= end || !isBlank(buffer[start])) {
            return start;
        }
        int second = start + 1;
        return second >= end || !isBlank(buffer[second]) ? second : skipManyBlanks(buffer, second, end);
    }

    private static int skipManyBlanks(byte[] buffer, int start, int end) {
        int pos = start;
        while (pos < end && isBlank(buffer[pos])) {
            pos++;
        }
        return pos;
    }

    /** The first position in the range that is blank, or {@code end}. */
    static int tokenEnd(byte[] buffer, int start, int end) {
        if (buffer.length - start >= SHORT) {
            int pos = start;
            long marks = invisible(word(buffer, pos));
            if (marks == 0) {
                pos += Long.BYTES;
                marks = invisible(word(buffer, pos));
            }
            pos += Long.numberOfTrailingZeros(marks) >> 3;
            if (pos >= end) {
                return end;
            }
            if (isBlank(buffer[pos])) {
                return pos;
            }
        }
        return longTokenEnd(buffer, start, end);
    }

    private static int longTokenEnd(byte[] buffer, int start, int end) {
        int pos = start;
        while (pos < end && buffer.length - pos >= Long.BYTES) {
            long marks = invisible(word(buffer, pos));
            if (marks == 0) {
                pos += Long.BYTES;
                continue;
            }
            pos += Long.numberOfTrailingZeros(marks) >> 3;
            if (pos >= end || isBlank(buffer[pos])) {
                return Math.min(pos, end);
            }
            pos++; // Another control character, which is part of a token.
        }
        while (pos < end && !isBlank(buffer[pos])) {
            pos++;
        }
        return Math.min(pos, end);
    }

    /**
     * Marks bytes below '!', blanks among them. The lowest mark is exact; there may be false marks above it, because a
     * borrow moves upwards.
     */
    private static long invisible(long word) {
        return (word - EVERY_FIRST_VISIBLE) & ~word & EVERY_TOP_BIT;
    }

    /** Whether a byte separates tokens: SP, TAB, or as in the module a CR within a line. */
    static boolean isBlank(byte b) {
        return b <= ' ' && (b == ' ' || b == '\t' || b == CR);
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

    /** Whether the range has at least {@code length} bytes, of which the last eight are {@code word}. */
    static boolean endsWith(byte[] buffer, int start, int end, int length, long word) {
        return end - start >= length && word(buffer, start + length - Long.BYTES) == word;
    }

    /** Whether the range is {@code lowerCase}, in any case; see {@link #startsWithIgnoreCase}. */
    static boolean equalsIgnoreCase(byte[] buffer, int start, int end, byte[] lowerCase) {
        return end - start == lowerCase.length && startsWithIgnoreCase(buffer, start, end, lowerCase);
    }

    /**
     * Whether the range starts with {@code lowerCase}, in any case; {@code lowerCase} holds lower-case letters, digits,
     * {@code '-'} and {@code ':'} only, all of which have the bit that upper-case letters lack.
     */
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

    /** The first position of {@code wanted} in the range, or -1. */
    static int indexOf(byte[] buffer, int start, int end, byte wanted) {
        if (end - start > SHORT || buffer.length - start < SHORT) {
            return indexOfBytewise(buffer, start, end, wanted);
        }
        long everyWanted = EVERY_ONE * wanted;
        int pos = start;
        long marks = zeros(word(buffer, pos) ^ everyWanted);
        if (marks == 0) {
            pos += Long.BYTES;
            marks = zeros(word(buffer, pos) ^ everyWanted);
        }
        pos += Long.numberOfTrailingZeros(marks) >> 3;
        return pos < end ? pos : -1;
    }

    private static int indexOfBytewise(byte[] buffer, int start, int end, byte wanted) {
        for (int pos = start; pos < end; pos++) {
            if (buffer[pos] == wanted) {
                return pos;
            }
        }
        return -1;
    }

    /** Whether a slash or a colon is in the range, which an IPv4 address in its usual form has neither of. */
    static boolean hasSlashOrColon(byte[] buffer, int start, int end) {
        if (end - start > SHORT || buffer.length - start < SHORT) {
            return indexOfBytewise(buffer, start, end, (byte) '/') >= 0
                    || indexOfBytewise(buffer, start, end, (byte) ':') >= 0;
        }
        int pos = start;
        long marks = slashesAndColons(word(buffer, pos));
        if (marks == 0) {
            pos += Long.BYTES;
            marks = slashesAndColons(word(buffer, pos));
        }
        return pos + (Long.numberOfTrailingZeros(marks) >> 3) < end;
    }

    private static long slashesAndColons(long word) {
        return zeros(word ^ EVERY_SLASH) | zeros(word ^ EVERY_COLON);
    }

    /** Marks bytes that are zero. The lowest mark is exact, as above. */
    private static long zeros(long word) {
        return (word - EVERY_ONE) & ~word & EVERY_TOP_BIT;
    }

    /** A port number of one to five digits, 0 to 65535, or -1 when the range is anything else. */
    static int port(byte[] buffer, int start, int end) {
        int length = end - start;
        if (length < 1 || length > 5) {
            return -1;
        }
        long text = wordBefore(buffer, start, buffer.length);
        // The digits' values, moved to the upper end, with zeros before them.
        long digits = (text ^ EVERY_ZERO) << (Long.SIZE - Byte.SIZE * length);
        // A value above 9 gets the top bit. One from 0x8A on carries into its neighbour, but it has the top bit itself.
        if ((((digits + EVERY_CARRY_ABOVE_NINE) | digits) & EVERY_TOP_BIT) != 0) {
            return -1;
        }
        // Ten times each digit and its neighbour; then the four pairs by what they count for, 100 and 1, 10,000 and
        // 1,000,000 crosswise, so that their sum comes out in the upper half.
        long pairs = digits * 10 + (digits >>> 8);
        long value =
                (pairs & LOW_PAIRS) * 0x000F_4240_0000_0064L + ((pairs >>> 16) & LOW_PAIRS) * 0x0000_2710_0000_0001L;
        value >>>= 32;
        return value <= 65535 ? (int) value : -1;
    }

    /**
     * Writes a number that is not negative. Also overwrites up to eight bytes after it.
     *
     * @return the position after the number
     */
    static int putDecimal(byte[] target, int pos, int value) {
        if (value >= 100_000) {
            int lastFive = putDecimal(target, pos, value / 100_000);
            LONG.set(target, lastFive, fiveDigits(value % 100_000) | EVERY_ZERO);
            return lastFive + 5;
        }
        long digits = fiveDigits(value);
        if (value >= 10_000) { // as most relay ports are: the next write need not wait for the digits
            LONG.set(target, pos, digits | EVERY_ZERO);
            return pos + 5;
        }
        int leadingZeros = Long.numberOfTrailingZeros(digits | 1L << 32) >> 3; // not the last digit, which is byte 4
        LONG.set(target, pos, (digits | EVERY_ZERO) >>> (leadingZeros << 3));
        return pos + 5 - leadingZeros;
    }

    /** The values of the digits of a number below 100,000, one in each byte, the first one lowest. */
    private static long fiveDigits(int value) {
        int lastFour = value % 10_000;
        // Two numbers below 100, 16 bits for each; a tenth of both at once, as 103 / 1024 is exact below 179.
        int pairs = (lastFour / 100) | ((lastFour % 100) << 16);
        int tens = ((pairs * 103) >>> 10) & 0x000F_000F;
        long digits = tens | ((pairs - tens * 10) << 8);
        return (digits << 8) | (value / 10_000);
    }

    /** Copies {@link #SHORT} bytes. For a short text this is cheaper than a call that takes its length into account. */
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

    /** Quotes the range for an error message, escaped to printable ASCII and cut at 64 bytes. */
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

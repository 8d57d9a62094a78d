package io.mediaproxy.benchmarks;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds the start and the first letter of each line, which every scan of SDP has to do, eight bytes per step. This is
 * the floor that parsing is compared with: it does nothing else and shares no code with the scanner.
 *
 * <p>The fastest variant we found: first all starts, then all letters, each in a short loop. One loop with exact marks
 * for every word takes a third longer. Not thread-safe.
 */
final class LineIndex {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final byte LF = '\n';
    private static final long LOW_SEVEN = 0x7F7F_7F7F_7F7F_7F7FL;

    // Fields, so that they stay in registers: the JIT would load final ones as constants, once for each word.
    private long everyLf = 0x0A0A_0A0A_0A0A_0A0AL;
    private long everyOne = 0x0101_0101_0101_0101L;
    private long everyTopBit = 0x8080_8080_8080_8080L;

    final int[] starts;
    final byte[] letters;

    LineIndex(int maxLines) {
        starts = new int[maxLines + 1];
        letters = new byte[maxLines];
    }

    /** Finds every line and returns the number of lines. */
    int fill(byte[] buffer) {
        int[] starts = this.starts;
        int lines = findStarts(buffer, starts);
        if (starts[lines - 1] == buffer.length) {
            lines--; // nothing follows the last line feed
        }
        byte[] letters = this.letters;
        for (int line = 0; line < lines; line++) {
            letters[line] = buffer[starts[line]];
        }
        return lines;
    }

    private int findStarts(byte[] buffer, int[] starts) {
        long lf = everyLf;
        long one = everyOne;
        long topBit = everyTopBit;
        starts[0] = 0;
        int lines = 1;
        int pos = 0;
        for (int last = buffer.length - 2 * Long.BYTES; pos <= last; pos += 2 * Long.BYTES) {
            long first = (long) LONG.get(buffer, pos) ^ lf;
            long second = (long) LONG.get(buffer, pos + Long.BYTES) ^ lf;
            lines = note((first - one) & ~first & topBit, first, pos, starts, lines);
            lines = note((second - one) & ~second & topBit, second, pos + Long.BYTES, starts, lines);
        }
        for (; pos < buffer.length; pos++) {
            if (buffer[pos] == LF) {
                starts[lines++] = pos + 1;
            }
        }
        return lines;
    }

    /** The lowest mark is exact. A borrow may set wrong marks above it, so several marks are computed again. */
    private static int note(long marks, long x, int pos, int[] starts, int lines) {
        int count = lines;
        if (marks != 0) {
            starts[count++] = pos + (Long.numberOfTrailingZeros(marks) >> 3) + 1;
            if ((marks & (marks - 1)) != 0) {
                long exact = ~(((x & LOW_SEVEN) + LOW_SEVEN) | x | LOW_SEVEN);
                for (long others = exact & (exact - 1); others != 0; others &= others - 1) {
                    starts[count++] = pos + (Long.numberOfTrailingZeros(others) >> 3) + 1;
                }
            }
        }
        return count;
    }
}

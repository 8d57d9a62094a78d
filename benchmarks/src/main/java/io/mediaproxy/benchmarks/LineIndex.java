package io.mediaproxy.benchmarks;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Where each line begins and what its first letter is: the least that any scan of SDP has to find out, eight bytes a step.
 * It is the floor that parsing is measured against, so it knows nothing else and shares no code with the scanner.
 */
final class LineIndex {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final byte LF = '\n';
    private static final long EVERY_LF = 0x0A0A_0A0A_0A0A_0A0AL;
    private static final long LOW_SEVEN = 0x7F7F_7F7F_7F7F_7F7FL;

    private final int[] starts;
    private final byte[] letters;

    LineIndex(int maxLines) {
        starts = new int[maxLines];
        letters = new byte[maxLines];
    }

    /**
     * Finds every line.
     *
     * @return how many there are
     * @throws IndexOutOfBoundsException if there are more than the index has room for
     */
    int fill(byte[] buffer) {
        int lines = 0;
        int lineStart = 0;
        int pos = 0;
        for (int lastWord = buffer.length - Long.BYTES; pos <= lastWord; pos += Long.BYTES) {
            long x = (long) LONG.get(buffer, pos) ^ EVERY_LF;
            // The top bit of each byte that was LF; no carry leaves a byte.
            long lineFeeds = ~(((x & LOW_SEVEN) + LOW_SEVEN) | x | LOW_SEVEN);
            while (lineFeeds != 0) {
                starts[lines] = lineStart;
                letters[lines] = buffer[lineStart];
                lines++;
                lineStart = pos + (Long.numberOfTrailingZeros(lineFeeds) >> 3) + 1;
                lineFeeds &= lineFeeds - 1;
            }
        }
        for (; pos < buffer.length; pos++) {
            if (buffer[pos] == LF) {
                starts[lines] = lineStart;
                letters[lines] = buffer[lineStart];
                lines++;
                lineStart = pos + 1;
            }
        }
        if (lineStart < buffer.length) {
            starts[lines] = lineStart;
            letters[lines] = buffer[lineStart];
            lines++;
        }
        return lines;
    }

    int start(int line) {
        return starts[line];
    }

    byte letter(int line) {
        return letters[line];
    }
}

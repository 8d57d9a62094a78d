package io.mediaproxy.sdp;

/**
 * Finds the line feeds of an SDP, some dozens at a time, before the lines are read. Not thread-safe.
 *
 * <p>The search is a separate loop because its steps do not depend on each other, so that the processor runs several at
 * once. It could not do so between two lines that are read.
 */
final class LineFeeds {
    private static final int STEP = 2 * Long.BYTES;

    /** The number of line feeds that ends a search. */
    private static final int ENOUGH = 64;

    // One byte, eight times. These are fields because the JIT loads a constant for each word but keeps a field's value
    // in a register, which saves a tenth of the time for a long SDP. They are not final, or javac would make constants
    // of them.
    private long everyLineFeed = 0x0A0A_0A0A_0A0A_0A0AL;
    private long everyOne = 0x0101_0101_0101_0101L;
    private long everyTopBit = 0x8080_8080_8080_8080L;

    /** Has room for what the last step may find beyond {@link #ENOUGH}, for the rest of the SDP, and for its end. */
    private final int[] positions = new int[ENOUGH + 2 * STEP];

    private int searched;

    /** Begins with another SDP. */
    void begin(int start) {
        searched = start;
    }

    /** Returns a position that the last search found. */
    int get(int i) {
        return positions[i];
    }

    /**
     * Finds the next line feeds. A last line without one ends at {@code end}. Call it only while a line is left, so
     * that it finds at least one end.
     *
     * @param buffer the bytes
     * @param end the end of the SDP
     * @return the number of positions found
     */
    int find(byte[] buffer, int end) {
        int[] positions = this.positions;
        long lineFeed = everyLineFeed;
        long one = everyOne;
        long topBit = everyTopBit;
        int found = 0;
        int pos = searched;
        for (int last = end - STEP; pos <= last; pos += STEP) {
            long first = Ascii.word(buffer, pos);
            long second = Ascii.word(buffer, pos + Long.BYTES);
            // LF is now zero, from which nothing can be subtracted without a borrow.
            long x = first ^ lineFeed;
            long y = second ^ lineFeed;
            found = note((x - one) & ~x & topBit, first, pos, positions, found);
            found = note((y - one) & ~y & topBit, second, pos + Long.BYTES, positions, found);
            if (found >= ENOUGH) {
                searched = pos + STEP;
                return found;
            }
        }
        for (; pos < end; pos += Long.BYTES) {
            long word = Ascii.wordBefore(buffer, pos, end);
            found = note(Ascii.lineFeeds(word), word, pos, positions, found);
        }
        if (buffer[end - 1] != Ascii.LF) {
            positions[found++] = end;
        }
        searched = end;
        return found;
    }

    /**
     * Stores the line feeds of the word at {@code pos}. The lowest mark is a line feed. There may be false marks above
     * it, because a borrow moves upwards; few words have more than one mark, so that the exact test is rarely needed.
     */
    private static int note(long marks, long word, int pos, int[] positions, int found) {
        int count = found;
        if (marks != 0) {
            positions[count++] = pos + (Long.numberOfTrailingZeros(marks) >> 3);
            if ((marks & (marks - 1)) != 0) {
                long all = Ascii.lineFeeds(word);
                for (long others = all & (all - 1); others != 0; others &= others - 1) {
                    positions[count++] = pos + (Long.numberOfTrailingZeros(others) >> 3);
                }
            }
        }
        return count;
    }
}

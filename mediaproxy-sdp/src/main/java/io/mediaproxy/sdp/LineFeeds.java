package io.mediaproxy.sdp;

/**
 * The line feeds of an SDP, found some dozens at a time, ahead of reading the lines. Looking for them is a loop of its own
 * because what the processor does for one word does not depend on the word before, so that several are under way at once;
 * between two lines to read they would not be.
 */
final class LineFeeds {
    private static final int STEP = 2 * Long.BYTES;

    /** A search ends when so many are found. */
    private static final int ENOUGH = 64;

    // One byte, eight times. Fields, because the JIT loads a constant anew for each word but keeps a field's value in a
    // register, a tenth of reading a long SDP; not final, or javac would make constants of them.
    private long everyLineFeed = 0x0A0A_0A0A_0A0A_0A0AL;
    private long everyOne = 0x0101_0101_0101_0101L;
    private long everyTopBit = 0x8080_8080_8080_8080L;

    /**
     * The last step before a search ends may find some more, the rest of the SDP, which is shorter than a step, too, and the
     * end itself is the last one.
     */
    private final int[] positions = new int[ENOUGH + 2 * STEP];

    private int searched;

    /** Begins a new SDP. */
    void begin(int start) {
        searched = start;
    }

    /** The position of one that the last search found. */
    int get(int i) {
        return positions[i];
    }

    /**
     * Finds the next ones up to {@code end}, where a last line without line feed ends as if there were one. Only to be asked
     * while a line is left, whose end it then finds at least.
     *
     * @return how many
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
            // Where there was LF, there is zero, from which nothing can be taken without a borrow.
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
     * Notes the line feeds of the word at {@code pos}. There is a mark if there is a line feed, and the lowest mark is one; above
     * it there may be a mark too many, as a borrow runs upwards. Few words have more than one, so that seldom has to be told.
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

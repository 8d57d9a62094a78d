package io.mediaproxy.examples.stateless;

import java.util.Arrays;

/**
 * Replacements in one message; all other bytes stay as they are. Reused for one message after another. Not thread-safe.
 */
final class HeadEdits {
    private static final byte[] NOTHING = {};

    private int[] starts = new int[8];
    private int[] ends = new int[8];
    private byte[][] texts = new byte[8][];
    private int count;

    void clear() {
        count = 0;
    }

    void insert(int pos, byte[] text) {
        replace(pos, pos, text);
    }

    void remove(int start, int end) {
        replace(start, end, NOTHING);
    }

    /**
     * Adds a replacement. Ranges may come in any order and must not overlap. At one position, insertions come before a
     * range that is replaced, and keep their order.
     */
    void replace(int start, int end, byte[] text) {
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
            ends = Arrays.copyOf(ends, 2 * count);
            texts = Arrays.copyOf(texts, 2 * count);
        }
        int place = count++;
        while (place > 0 && isAfter(place - 1, start, end)) {
            starts[place] = starts[place - 1];
            ends[place] = ends[place - 1];
            texts[place] = texts[place - 1];
            place--;
        }
        starts[place] = start;
        ends[place] = end;
        texts[place] = text;
    }

    private boolean isAfter(int edit, int start, int end) {
        boolean before = end == start && ends[edit] > start;
        return starts[edit] > start || (starts[edit] == start && before);
    }

    /** Returns a new array with the range and the edits in it; edits outside the range are ignored. */
    byte[] apply(byte[] array, int start, int end) {
        int size = end - start;
        for (int i = 0; i < count; i++) {
            size += isWithin(i, start, end) ? texts[i].length - (ends[i] - starts[i]) : 0;
        }
        byte[] edited = new byte[size];
        int from = start;
        int to = 0;
        for (int i = 0; i < count; i++) {
            if (isWithin(i, start, end)) {
                System.arraycopy(array, from, edited, to, starts[i] - from);
                to += starts[i] - from;
                System.arraycopy(texts[i], 0, edited, to, texts[i].length);
                to += texts[i].length;
                from = ends[i];
            }
        }
        System.arraycopy(array, from, edited, to, end - from);
        return edited;
    }

    private boolean isWithin(int edit, int start, int end) {
        return starts[edit] >= start && ends[edit] <= end;
    }
}

package io.mediaproxy.examples.pkts.proxy;

import java.util.Arrays;

/** Replacements in one message: what no edit touches comes out as it went in. It is used again for one message after the other. */
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

    void remove(int startInclusive, int endExclusive) {
        replace(startInclusive, endExclusive, NOTHING);
    }

    /** Ranges may come in any order and must not overlap; at one place the text that came first goes first. */
    void replace(int startInclusive, int endExclusive, byte[] text) {
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
            ends = Arrays.copyOf(ends, 2 * count);
            texts = Arrays.copyOf(texts, 2 * count);
        }
        int place = count++;
        while (place > 0 && starts[place - 1] > startInclusive) {
            starts[place] = starts[place - 1];
            ends[place] = ends[place - 1];
            texts[place] = texts[place - 1];
            place--;
        }
        starts[place] = startInclusive;
        ends[place] = endExclusive;
        texts[place] = text;
    }

    /** A range with the edits made, in an array of its own; edits elsewhere do not count. */
    byte[] apply(byte[] array, int startInclusive, int endExclusive) {
        int size = endExclusive - startInclusive;
        for (int i = 0; i < count; i++) {
            size += isWithin(i, startInclusive, endExclusive) ? texts[i].length - (ends[i] - starts[i]) : 0;
        }
        byte[] edited = new byte[size];
        int from = startInclusive;
        int to = 0;
        for (int i = 0; i < count; i++) {
            if (isWithin(i, startInclusive, endExclusive)) {
                System.arraycopy(array, from, edited, to, starts[i] - from);
                to += starts[i] - from;
                System.arraycopy(texts[i], 0, edited, to, texts[i].length);
                to += texts[i].length;
                from = ends[i];
            }
        }
        System.arraycopy(array, from, edited, to, endExclusive - from);
        return edited;
    }

    private boolean isWithin(int edit, int startInclusive, int endExclusive) {
        return starts[edit] >= startInclusive && ends[edit] <= endExclusive;
    }
}

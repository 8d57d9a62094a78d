package io.mediaproxy.sdp;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The changes to a body, as an ordered list of edits. Each replaces a range of the original bytes, which may be empty,
 * with other text. All other bytes are copied unchanged.
 *
 * <p>Reusable: {@link SdpRewriter#plan(SdpIndex, RelayEndpoints, IceCandidate, SdpEdits)} replaces the previous plan,
 * and allocates only if it needs more room than any plan before it. The edits refer to the array that the index was
 * filled from, which must not change until they have been written. Not thread-safe.
 */
public final class SdpEdits {
    private static final int COLUMNS = 5;
    private static final int START = 0;
    private static final int END = 1;
    private static final int TEXT = 2;
    private static final int TEXT_END = 3;
    private static final int WHY = 4;

    private static final int FIRST_EDITS = 12;
    private static final int FIRST_TEXT = 256;
    /** Ten digits, and what {@link Ascii#putDecimal} may write after them. */
    private static final int MAX_DECIMAL = 18;

    /** The relay's address is the first text, once for all edits that need it. */
    private static final int ADDRESS = 0;

    /** The reason for an edit. */
    enum Why {
        SESSION_ADDRESS("media of the session goes to the relay"),
        STREAM_ADDRESS("media of this stream goes to the relay"),
        ADDRESS_TYPE("the relay's address is IPv4"),
        PORT("the relay's RTP port for this stream"),
        PORT_DISABLED("the relay no longer carries this stream"),
        RTCP_PORT("the relay's RTCP port for this stream"),
        RTCP_ADDRESS("RTCP of this stream goes to the relay"),
        SESSION_ADDRESS_MOVED("the relay carries only some of the streams, so each gets an address of its own"),
        RELAY_ADDRESS_ADDED("media of this stream goes to the relay"),
        OWN_ADDRESS_KEPT("the relay does not carry this stream, which keeps the session's address"),
        RELAY_CANDIDATE("offers the relay to ICE"),
        SECOND_ADDRESS("a second address would lead media around the relay"),
        ALTERNATIVE_ADDRESS("an alternative address would lead media around the relay"),
        SOURCE_FILTER("media comes from the relay"),
        SOURCE_FILTER_REMOVED("the filter would drop media of some streams");

        private static final Why[] ALL = values();

        final String text;

        Why(String text) {
            this.text = text;
        }
    }

    /**
     * One edit in text form. Immutable. Thread-safe.
     *
     * @param line the line number in the original SDP, from 1; an added line is inserted before it
     * @param offset the position in bytes from the start of the original body
     * @param before the original text, empty if a line is added
     * @param after the new text, empty if a line is removed
     * @param why the reason
     */
    public record Explanation(int line, int offset, String before, String after, String why) {}

    private byte[] buffer = {};
    private int start;
    private int end;
    private int sdpStart;
    private int[] edits = new int[FIRST_EDITS * COLUMNS];
    private int count;
    private byte[] text = new byte[FIRST_TEXT];
    private int textLength;
    private int addressEnd;
    private int length;

    /** Makes an empty list of edits. */
    public SdpEdits() {}

    /**
     * Whether the body stays as it is.
     *
     * @return true if there is no edit
     */
    public boolean isEmpty() {
        return count == 0;
    }

    /**
     * Counts the edits.
     *
     * @return the number of edits
     */
    public int count() {
        return count;
    }

    /**
     * Returns the size of the new body.
     *
     * @return the length in bytes
     */
    public int length() {
        return length;
    }

    /**
     * Writes the new body.
     *
     * @param target stays the caller's; it must not be the array of the original
     * @param offset the position of the first byte in {@code target}
     * @return the number of bytes written, which is {@link #length()}
     * @throws IndexOutOfBoundsException if there is not enough room; nothing is written then
     */
    public int writeTo(byte[] target, int offset) {
        Objects.checkFromIndexSize(offset, length, target.length);
        int outputEnd = offset + length;
        int from = start;
        int to = offset;
        for (int edit = 0, last = count * COLUMNS; edit < last; edit += COLUMNS) {
            int kept = edits[edit + START] - from;
            System.arraycopy(buffer, from, target, to, kept);
            to += kept;
            int textFrom = edits[edit + TEXT];
            int added = edits[edit + TEXT_END] - textFrom;
            if (added <= Ascii.SHORT && outputEnd - to >= Ascii.SHORT && text.length - textFrom >= Ascii.SHORT) {
                Ascii.copyShort(text, textFrom, target, to); // The next copy overwrites the excess bytes.
            } else {
                System.arraycopy(text, textFrom, target, to, added);
            }
            to += added;
            from = edits[edit + END];
        }
        System.arraycopy(buffer, from, target, to, end - from);
        return length;
    }

    /**
     * Writes the new body into a new array of exactly its size.
     *
     * @return the new body
     */
    public byte[] toByteArray() {
        byte[] target = new byte[length];
        writeTo(target, 0);
        return target;
    }

    /**
     * Returns the new body in slices for a gathering write: read-only parts of the original array and of the edits'
     * text, in order. They are valid until the original changes or another plan is made.
     *
     * @return the slices; the original range alone if there is no edit
     */
    public ByteBuffer[] gather() {
        List<ByteBuffer> slices = new ArrayList<>(2 * count + 1);
        int from = start;
        for (int edit = 0, last = count * COLUMNS; edit < last; edit += COLUMNS) {
            addSlice(slices, buffer, from, edits[edit + START]);
            addSlice(slices, text, edits[edit + TEXT], edits[edit + TEXT_END]);
            from = edits[edit + END];
        }
        addSlice(slices, buffer, from, end);
        return slices.toArray(ByteBuffer[]::new);
    }

    private static void addSlice(List<ByteBuffer> slices, byte[] bytes, int start, int end) {
        if (start < end) {
            slices.add(ByteBuffer.wrap(bytes, start, end - start).slice().asReadOnlyBuffer());
        }
    }

    /**
     * Explains each edit, in the order of the lines.
     *
     * @return the edits in text form
     */
    public List<Explanation> explain() {
        List<Explanation> lines = new ArrayList<>(count);
        for (int edit = 0, last = count * COLUMNS; edit < last; edit += COLUMNS) {
            lines.add(new Explanation(
                    lineNumber(edits[edit + START], edits[edit + END]),
                    edits[edit + START] - start,
                    line(buffer, edits[edit + START], edits[edit + END]),
                    line(text, edits[edit + TEXT], edits[edit + TEXT_END]),
                    Why.ALL[edits[edit + WHY]].text));
        }
        return List.copyOf(lines);
    }

    /** A line that is added after a last line without LF gets the next number. */
    private int lineNumber(int from, int to) {
        int line = Ascii.lineNumber(buffer, sdpStart, from);
        return from == to && buffer[from - 1] != Ascii.LF ? line + 1 : line;
    }

    /** The text without the line ends around it. */
    private static String line(byte[] bytes, int start, int end) {
        int to = end;
        if (to > start && bytes[to - 1] == Ascii.LF) {
            to -= to - 1 > start && bytes[to - 2] == Ascii.CR ? 2 : 1;
        }
        int from = start;
        int lineFeed = from < to && bytes[from] == Ascii.CR ? from + 1 : from;
        if (lineFeed < to && bytes[lineFeed] == Ascii.LF) {
            from = lineFeed + 1;
        }
        return Ascii.string(bytes, from, to);
    }

    byte[] buffer() {
        return buffer;
    }

    // Written by the rewriter: first the text, then the edit that takes it.

    void begin(SdpIndex index, RelayEndpoints relay) {
        buffer = index.buffer();
        start = index.bodyStart();
        end = index.bodyEnd();
        sdpStart = index.start();
        count = 0;
        length = end - start;
        addressEnd = relay.putAddress(text, ADDRESS);
        textLength = addressEnd;
    }

    /** Where the next appended text begins. */
    int textMark() {
        return textLength;
    }

    void append(byte[] bytes) {
        append(bytes, 0, bytes.length);
    }

    void append(byte[] bytes, int from, int to) {
        int added = to - from;
        ensureText(added);
        System.arraycopy(bytes, from, text, textLength, added);
        textLength += added;
    }

    void appendAddress() {
        append(text, ADDRESS, addressEnd);
    }

    void appendDecimal(int value) {
        ensureText(MAX_DECIMAL);
        textLength = Ascii.putDecimal(text, textLength, value);
    }

    /** Replaces a range with the text from {@code mark} on. Not an edit if the bytes are the same. */
    void replace(int from, int to, int mark, Why why) {
        if (isThere(from, to, mark, textLength)) {
            textLength = mark;
        } else {
            add(from, to, mark, textLength, why);
        }
    }

    /** Replaces a port with the relay's. Not an edit if it is the same in the same spelling. */
    void replacePort(int from, int to, int port, int relayPort, Why why) {
        int mark = textLength;
        appendDecimal(relayPort);
        if (port == relayPort && isThere(from, to, mark, textLength)) {
            textLength = mark;
        } else {
            add(from, to, mark, textLength, why);
        }
    }

    /** Replaces a range with the relay's address. Not an edit if it is the same. */
    void replaceWithAddress(int from, int to, Why why) {
        if (!isThere(from, to, ADDRESS, addressEnd)) {
            add(from, to, ADDRESS, addressEnd, why);
        }
    }

    /** Inserts the text from {@code mark} on. Not an edit if the same bytes follow already. */
    void insert(int at, int mark, Why why) {
        int to = at + textLength - mark;
        if (to <= end && isThere(at, to, mark, textLength)) {
            textLength = mark;
        } else {
            add(at, at, mark, textLength, why);
        }
    }

    void delete(int from, int to, Why why) {
        add(from, to, textLength, textLength, why);
    }

    private boolean isThere(int from, int to, int textFrom, int textTo) {
        return to - from == textTo - textFrom && Arrays.equals(buffer, from, to, text, textFrom, textTo);
    }

    /** Keeps the edits in order. Nearly all arrive so; the others, as c= may follow a=rtcp, sink to their place. */
    @SuppressWarnings("EnumOrdinal") // an edit is one row of ints
    private void add(int from, int to, int textFrom, int textTo, Why why) {
        int edit = count * COLUMNS;
        if (edit == edits.length) {
            edits = Arrays.copyOf(edits, 2 * edits.length);
        }
        while (edit > 0 && edits[edit - COLUMNS + START] > from) {
            System.arraycopy(edits, edit - COLUMNS, edits, edit, COLUMNS);
            edit -= COLUMNS;
        }
        edits[edit + START] = from;
        edits[edit + END] = to;
        edits[edit + TEXT] = textFrom;
        edits[edit + TEXT_END] = textTo;
        edits[edit + WHY] = why.ordinal();
        count++;
        length += textTo - textFrom - (to - from);
    }

    private void ensureText(int added) {
        if (text.length - textLength < added) {
            text = Arrays.copyOf(text, Math.max(2 * text.length, textLength + added));
        }
    }
}

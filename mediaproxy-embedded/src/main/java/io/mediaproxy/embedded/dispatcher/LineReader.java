package io.mediaproxy.embedded.dispatcher;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Splits a byte stream into lines. Only CRLF ends a line; a lone CR or LF is data. Not thread-safe.
 *
 * <p>A line has at most {@value #MAX_LINE} bytes, including one without its CRLF so far. This is the limit of Twisted's
 * {@code LineOnlyReceiver}, on which the real dispatcher is built.
 */
final class LineReader {
    static final int MAX_LINE = 16_384;

    /** Receives the lines. */
    interface LineSink {
        /**
         * Receives one line.
         *
         * @param bytes contains the line; valid until the method returns
         * @return false to stop reading
         */
        boolean line(byte[] bytes, int offset, int length);
    }

    private byte[] pending = new byte[1_024];
    private int length;

    /**
     * Reads all bytes of a buffer.
     *
     * @return false if a line was too long, or the sink stopped reading
     */
    boolean read(ByteBuffer chunk, LineSink sink) {
        int searched = Math.max(0, length - 1);
        append(chunk);
        int lineStart = 0;
        for (int at = indexOfCrLf(searched); at >= 0; at = indexOfCrLf(lineStart)) {
            int lineLength = at - lineStart;
            if (lineLength > MAX_LINE || !sink.line(pending, lineStart, lineLength)) {
                return false;
            }
            lineStart = at + 2;
        }
        System.arraycopy(pending, lineStart, pending, 0, length - lineStart);
        length -= lineStart;
        return length <= MAX_LINE;
    }

    private void append(ByteBuffer chunk) {
        int added = chunk.remaining();
        if (pending.length < length + added) {
            pending = Arrays.copyOf(pending, Math.max(length + added, 2 * pending.length));
        }
        chunk.get(pending, length, added);
        length += added;
    }

    private int indexOfCrLf(int from) {
        for (int i = from; i + 1 < length; i++) {
            if (pending[i] == '\r' && pending[i + 1] == '\n') {
                return i;
            }
        }
        return -1;
    }
}

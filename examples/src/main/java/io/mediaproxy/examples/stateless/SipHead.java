package io.mediaproxy.examples.stateless;

import java.util.Arrays;

/**
 * The positions in the start line and the header fields of one message, found in one pass. Reused for one message after
 * another, and valid as long as the array does not change. Not thread-safe.
 *
 * <p>Tolerated: empty lines before the message, LF alone as line end, white space before a colon.
 */
final class SipHead {
    private static final byte[] VERSION = {'S', 'I', 'P', '/', '2', '.', '0'};
    private static final int FIELDS = HeaderField.COUNT;
    private static final int NONE = -1;
    private static final int INVALID = -2;

    private byte[] array = {};
    private int start;
    private int fieldsStart;
    private int bodyStart;
    private int end;
    private int bodyLength;
    private boolean request;
    private int methodEnd;
    private int uriEnd;

    private final int[] lineStarts = new int[FIELDS];
    private final int[] valueStarts = new int[FIELDS];
    private final int[] valueEnds = new int[FIELDS];
    private final int[] nextLines = new int[FIELDS];

    /**
     * Reads a message.
     *
     * @return false if it has no start line or no header fields; nothing else is valid then
     */
    boolean read(byte[] bytes, int from, int to) {
        array = bytes;
        end = to;
        start = from;
        while (start < end && (array[start] == '\r' || array[start] == '\n')) { // RFC 3261 7.5
            start++;
        }
        Arrays.fill(valueStarts, NONE);
        bodyLength = NONE;
        return readStartLine() && readFields();
    }

    private boolean readStartLine() {
        int lineEnd = lineEnd(start);
        fieldsStart = next(lineEnd);
        request = !isVersion(start, lineEnd);
        methodEnd = Ascii.indexOf(array, start, lineEnd, ' ');
        if (!request) {
            return methodEnd == start + VERSION.length && lineEnd - methodEnd >= 4;
        }
        uriEnd = lineEnd - VERSION.length - 1;
        return methodEnd > start
                && uriEnd > methodEnd + 1
                && array[uriEnd] == ' '
                && Ascii.indexOf(array, methodEnd + 1, uriEnd, ' ') == uriEnd
                && isVersion(uriEnd + 1, lineEnd);
    }

    /** In upper case, as it must be sent (RFC 3261 7.1). */
    private boolean isVersion(int from, int to) {
        int length = Math.min(to - from, VERSION.length);
        return Arrays.equals(array, from, from + length, VERSION, 0, VERSION.length);
    }

    private boolean readFields() {
        int pos = fieldsStart;
        while (pos < end) {
            int fieldEnd = lineEnd(pos);
            if (fieldEnd == pos) {
                bodyStart = next(fieldEnd);
                return true;
            }
            if (array[pos] == ' ' || array[pos] == '\t') {
                return false; // it would continue a field that the proxy inserts before it
            }
            int next = nextField(pos);
            int colon = Ascii.indexOf(array, pos, fieldEnd, ':');
            if (colon == fieldEnd) {
                return false;
            }
            int field = HeaderField.find(array, pos, Ascii.trimEnd(array, pos, colon));
            if (field >= 0 && valueStarts[field] == NONE) {
                lineStarts[field] = pos;
                valueStarts[field] = Ascii.skipWhiteSpace(array, colon + 1, next);
                valueEnds[field] = Ascii.trimEnd(array, valueStarts[field], next);
                nextLines[field] = next;
            }
            if (field == HeaderField.CONTENT_LENGTH) {
                readContentLength(colon + 1, next);
            }
            pos = next;
        }
        return false;
    }

    /** Several are tolerated if they are equal: each reader of the message would take another one. */
    private void readContentLength(int from, int to) {
        int valueStart = Ascii.skipWhiteSpace(array, from, to);
        int length = Ascii.number(array, valueStart, Ascii.trimEnd(array, valueStart, to));
        boolean valid = length >= 0 && (bodyLength == NONE || bodyLength == length);
        bodyLength = valid ? length : INVALID;
    }

    /** The line after a field, which may be folded over several lines (RFC 3261 7.3.1). */
    int nextField(int lineStart) {
        int next = next(lineEnd(lineStart));
        while (next < end && (array[next] == ' ' || array[next] == '\t')) {
            next = next(lineEnd(next));
        }
        return next;
    }

    private int lineEnd(int lineStart) {
        int lineFeed = Ascii.indexOf(array, lineStart, end, '\n');
        return lineFeed > lineStart && lineFeed < end && array[lineFeed - 1] == '\r' ? lineFeed - 1 : lineFeed;
    }

    private int next(int lineEnd) {
        int lineFeed = lineEnd < end && array[lineEnd] == '\r' ? lineEnd + 1 : lineEnd;
        return Math.min(end, lineFeed + 1);
    }

    byte[] array() {
        return array;
    }

    /** The start line's first byte. */
    int start() {
        return start;
    }

    /** The first header field's first byte. */
    int fieldsStart() {
        return fieldsStart;
    }

    /** The position after the empty line. */
    int bodyStart() {
        return bodyStart;
    }

    /** Whether the message has no Content-Length, or one that its bytes suffice for. */
    boolean isContentComplete() {
        return bodyLength == NONE || (bodyLength >= 0 && bodyLength <= end - bodyStart);
    }

    /** The position after the body, if {@link #isContentComplete}: without Content-Length, the end (RFC 3261 18.3). */
    int bodyEnd() {
        return bodyLength == NONE ? end : bodyStart + bodyLength;
    }

    boolean isRequest() {
        return request;
    }

    boolean isMethod(String lowerCaseMethod) {
        return request
                && methodEnd - start == lowerCaseMethod.length()
                && Ascii.startsWith(array, start, methodEnd, lowerCaseMethod);
    }

    int methodEnd() {
        return methodEnd;
    }

    /** The Request-URI's first byte. */
    int uriStart() {
        return methodEnd + 1;
    }

    int uriEnd() {
        return uriEnd;
    }

    boolean has(int field) {
        return valueStarts[field] != NONE;
    }

    /** The first byte of the first field of this name. */
    int lineStart(int field) {
        return lineStarts[field];
    }

    /** Its value, without the white space around it. */
    int valueStart(int field) {
        return valueStarts[field];
    }

    int valueEnd(int field) {
        return valueEnds[field];
    }

    /** The line after it. */
    int nextLine(int field) {
        return nextLines[field];
    }

    /** The position of the next field of this name from a line on; -1 if there is none. */
    int findFrom(int field, int lineStart) {
        int pos = lineStart;
        while (pos < bodyStart) {
            int next = nextField(pos);
            int colon = Ascii.indexOf(array, pos, next, ':');
            if (colon < next && HeaderField.find(array, pos, Ascii.trimEnd(array, pos, colon)) == field) {
                return pos;
            }
            pos = next;
        }
        return NONE;
    }
}

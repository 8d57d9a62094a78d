package io.mediaproxy.examples.stateless;

/** The positions in one value of Route (RFC 3261 20.34). Reused for one value after another. Not thread-safe. */
final class RouteValue {
    private int uriStart;
    private int uriEnd;
    private int next;

    /** Reads the first value in a range. Returns false if it is not a Route. */
    boolean read(byte[] array, int start, int end) {
        int pos = start;
        while (pos < end && array[pos] != '<') {
            pos = array[pos] == '"' ? Ascii.skipQuoted(array, pos, end) : pos + 1;
        }
        uriStart = pos + 1;
        uriEnd = Ascii.indexOf(array, Math.min(uriStart, end), end, '>');
        if (uriEnd == end) {
            return false;
        }
        pos = uriEnd + 1;
        while (pos < end && array[pos] != ',') {
            pos = array[pos] == '"' ? Ascii.skipQuoted(array, pos, end) : pos + 1;
        }
        next = pos < end ? Ascii.skipWhiteSpace(array, pos + 1, end) : -1;
        return true;
    }

    int uriStart() {
        return uriStart;
    }

    int uriEnd() {
        return uriEnd;
    }

    /** The position of the next value in the same field; -1 if there is none. */
    int next() {
        return next;
    }
}

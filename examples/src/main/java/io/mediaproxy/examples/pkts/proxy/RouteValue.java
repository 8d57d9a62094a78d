package io.mediaproxy.examples.pkts.proxy;

/** Where things stand in one value of Route (RFC 3261 20.34). It is used again for one after the other, by one thread. */
final class RouteValue {
    private int uriStart;
    private int uriEnd;
    private int next;

    /** Reads the first of the values in a range; false if it is none. */
    boolean read(byte[] array, int startInclusive, int endExclusive) {
        int pos = startInclusive;
        while (pos < endExclusive && array[pos] != '<') {
            pos = array[pos] == '"' ? Ascii.skipQuoted(array, pos, endExclusive) : pos + 1;
        }
        uriStart = pos + 1;
        uriEnd = Ascii.indexOf(array, Math.min(uriStart, endExclusive), endExclusive, '>');
        if (uriEnd == endExclusive) {
            return false;
        }
        pos = uriEnd + 1;
        while (pos < endExclusive && array[pos] != ',') {
            pos = array[pos] == '"' ? Ascii.skipQuoted(array, pos, endExclusive) : pos + 1;
        }
        next = pos < endExclusive ? Ascii.skipWhiteSpace(array, pos + 1, endExclusive) : -1;
        return true;
    }

    int uriStart() {
        return uriStart;
    }

    int uriEnd() {
        return uriEnd;
    }

    /** The next value in the same field; -1: there is none. */
    int next() {
        return next;
    }
}

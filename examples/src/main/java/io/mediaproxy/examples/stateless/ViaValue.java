package io.mediaproxy.examples.stateless;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The positions in one Via (RFC 3261 20.42, RFC 3581). Reused for one value after another. Not thread-safe. */
final class ViaValue {
    private static final String PROTOCOL = "sip";
    private static final String VERSION = "2.0";
    private static final String BRANCH = "branch";
    private static final String RECEIVED = "received";
    private static final String RPORT = "rport";
    private static final int NONE = -1;

    private byte[] array = {};
    private int limit;
    private int hostStart;
    private int hostEnd;
    private int sentByEnd;
    private int port;
    private int branchStart;
    private int branchEnd;
    private int receivedStart;
    private int receivedEnd;
    private int rportNameEnd;
    private int rportStart;
    private int rportEnd;
    private int valueEnd;
    private int next;

    /** Reads the first value in a range. Returns false if it is not a Via. */
    boolean read(byte[] bytes, int start, int end) {
        array = bytes;
        limit = end;
        port = NONE;
        branchStart = NONE;
        receivedStart = NONE;
        rportNameEnd = NONE;
        int pos = expect(PROTOCOL, start);
        pos = pos < 0 ? NONE : expect('/', pos);
        pos = pos < 0 ? NONE : expect(VERSION, pos);
        pos = pos < 0 ? NONE : expect('/', pos);
        if (pos < 0) {
            return false;
        }
        pos = tokenEnd(pos); // the transport: responses go over UDP, whatever it is
        pos = readSentBy(Ascii.skipWhiteSpace(array, pos, limit));
        sentByEnd = valueEnd;
        while (pos >= 0 && pos < limit && array[pos] == ';') {
            pos = readParameter(Ascii.skipWhiteSpace(array, pos + 1, limit));
        }
        if (pos < 0) {
            return false;
        }
        next = pos < limit ? Ascii.skipWhiteSpace(array, pos + 1, limit) : NONE;
        return pos == limit || array[pos] == ',';
    }

    private int readSentBy(int start) {
        hostStart = start;
        hostEnd = hostStart < limit && array[hostStart] == '['
                ? Ascii.indexOf(array, hostStart, limit, ']') + 1
                : tokenEnd(hostStart);
        if (hostEnd == hostStart || hostEnd > limit) {
            return NONE;
        }
        valueEnd = hostEnd;
        int pos = Ascii.skipWhiteSpace(array, hostEnd, limit);
        if (pos == limit || array[pos] != ':') {
            return pos;
        }
        int digits = Ascii.skipWhiteSpace(array, pos + 1, limit);
        valueEnd = tokenEnd(digits);
        port = Ascii.number(array, digits, valueEnd);
        return !Routing.isPort(port) ? NONE : Ascii.skipWhiteSpace(array, valueEnd, limit);
    }

    private int readParameter(int nameStart) {
        int nameEnd = tokenEnd(nameStart);
        if (nameEnd == nameStart) {
            return NONE;
        }
        int start = nameEnd;
        int end = nameEnd;
        int pos = Ascii.skipWhiteSpace(array, nameEnd, limit);
        if (pos < limit && array[pos] == '=') {
            start = Ascii.skipWhiteSpace(array, pos + 1, limit);
            end = start < limit && array[start] == '"' ? Ascii.skipQuoted(array, start, limit) : addressEnd(start);
            if (end == start || end > limit) { // what this proxy adds would become part of what is not closed
                return NONE;
            }
            pos = Ascii.skipWhiteSpace(array, end, limit);
        }
        if (isName(BRANCH, nameStart, nameEnd)) {
            branchStart = start;
            branchEnd = end;
        } else if (isName(RECEIVED, nameStart, nameEnd)) {
            receivedStart = start;
            receivedEnd = end;
        } else if (isName(RPORT, nameStart, nameEnd)) {
            rportNameEnd = nameEnd;
            rportStart = start;
            rportEnd = end;
        }
        valueEnd = end;
        return pos;
    }

    private boolean isName(String name, int start, int end) {
        return end - start == name.length() && Ascii.startsWith(array, start, end, name);
    }

    private int expect(String text, int start) {
        int pos = Ascii.skipWhiteSpace(array, start, limit);
        return Ascii.startsWith(array, pos, limit, text) ? pos + text.length() : NONE;
    }

    private int expect(char wanted, int start) {
        int pos = Ascii.skipWhiteSpace(array, start, limit);
        return pos < limit && array[pos] == wanted ? Ascii.skipWhiteSpace(array, pos + 1, limit) : NONE;
    }

    private int tokenEnd(int start) {
        int pos = start;
        while (pos < limit && isOfToken(array[pos]) && array[pos] != ':') {
            pos++;
        }
        return pos;
    }

    /** The end of a token or of an IPv6 address. */
    private int addressEnd(int start) {
        int pos = start;
        while (pos < limit && isOfToken(array[pos])) {
            pos++;
        }
        return pos;
    }

    private static boolean isOfToken(byte b) {
        return !Ascii.isWhiteSpace(b) && b != ';' && b != ',' && b != '=' && b != '/' && b != '"';
    }

    /** Whether the element at this address added it. */
    boolean isSentBy(InetSocketAddress address) {
        return port() == address.getPort() && address.getAddress().equals(HostAddress.parse(array, hostStart, hostEnd));
    }

    /** The address for responses (RFC 3261 18.2.2, RFC 3581 4); null for a host name, which is not looked up. */
    @Nullable InetSocketAddress responseAddress() {
        InetAddress address = receivedStart == NONE
                ? HostAddress.parse(array, hostStart, hostEnd)
                : HostAddress.parse(array, receivedStart, receivedEnd);
        int rport = rportNameEnd == NONE ? NONE : Ascii.number(array, rportStart, rportEnd);
        return address == null ? null : new InetSocketAddress(address, Routing.isPort(rport) ? rport : port());
    }

    /** Whether the sender asks for responses at the request's source port (RFC 3581 3). */
    boolean asksForSourcePort() {
        return rportNameEnd != NONE;
    }

    int port() {
        return port == NONE ? Routing.DEFAULT_PORT : port;
    }

    /** Adds the real source of the request (RFC 3261 18.2.1, RFC 3581 4). */
    void noteSource(InetSocketAddress source, HeadEdits edits) {
        boolean asked = asksForSourcePort();
        if (asked) {
            edits.replace(rportNameEnd, rportEnd, ascii("=" + source.getPort()));
        }
        byte[] address = ascii(source.getAddress().getHostAddress());
        if (receivedStart != NONE) {
            edits.replace(receivedStart, receivedEnd, address);
        } else if (asked || !source.getAddress().equals(HostAddress.parse(array, hostStart, hostEnd))) {
            edits.replace(
                    valueEnd, valueEnd, ascii(";received=" + source.getAddress().getHostAddress()));
        }
    }

    boolean hasBranch() {
        return branchStart != NONE && branchEnd > branchStart;
    }

    /** Returns the branch; an empty text if there is none. */
    String branch() {
        return hasBranch() ? new String(array, branchStart, branchEnd - branchStart, StandardCharsets.ISO_8859_1) : "";
    }

    /** The start of host and port. */
    int sentByStart() {
        return hostStart;
    }

    int sentByEnd() {
        return sentByEnd;
    }

    int branchStart() {
        return branchStart;
    }

    int branchEnd() {
        return branchEnd;
    }

    /** The position of the next value in the same field; -1 if there is none. */
    int next() {
        return next;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

package io.mediaproxy.sdp;

import static io.mediaproxy.sdp.Row.*;

/**
 * Judges the addresses once all lines are read, and so decides for each stream what the relay does with it:
 *
 * <pre>
 *   transport not supported                    not described to the relay, keeps address and port
 *   port 0                                     described as disabled; its address means nothing and is not judged
 *   live, IPv6                                 described as disabled, so that places fit; keeps address and port
 *   live, IPv4 or a host name                  relayed, unless the caller leaves it alone
 *   live, multicast, no address, too long      the whole SDP is refused
 * </pre>
 *
 * <p>Only called if a stream may lack an address, or an address does not have its usual form.
 */
final class StreamRules {
    /**
     * The longest c= line up to the end of its address, which may be the longest name that DNS has (RFC 1035 2.3.4). A
     * session address that is moved adds this much to the body for each stream.
     */
    static final int MAX_CONNECTION = 300;

    private final SdpIndex index;
    private byte[] buffer = {};
    private int[] rows = {};

    StreamRules(SdpIndex index) {
        this.index = index;
    }

    /**
     * Applies the rules to all streams.
     *
     * @throws SdpSyntaxException if a live supported stream has no address that a relay can take
     */
    void apply() {
        buffer = index.buffer();
        rows = index.rows();
        if (index.supportedCount() > 0 && isOdd(SESSION) && hasAddress(SESSION)) {
            requireLength(SESSION); // Streams of every kind may get this line.
        }
        for (int stream = 0; stream < index.streamCount(); stream++) {
            if (isLive(stream)) {
                judge(stream);
            }
        }
    }

    private void judge(int stream) {
        boolean own = hasAddress(stream) || isOdd(stream);
        int level = own ? stream : SESSION;
        if (!hasAddress(level) && !(own && !isSupported(stream))) {
            throw noAddress(stream, level);
        }
        if (isSupported(stream) && isOdd(level)) {
            requireLength(level);
            requireUnicast(level);
            int row = Row.of(level);
            int type = ConnectionAddress.type(buffer, rows[row + CONNECTION] + TYPE_LENGTH, rows[row + ADDRESS]);
            if (ConnectionAddress.isIpv6(buffer, type, rows[row + ADDRESS], rows[row + ADDRESS_END])) {
                index.leaveAlone(Row.of(stream), IPV6);
            }
        }
    }

    private SdpSyntaxException noAddress(int stream, int level) {
        if (isOdd(level)) {
            int line = rows[Row.of(level) + CONNECTION];
            return SdpSyntaxException.at(
                    index,
                    line,
                    "a c= line has a network type, an address type and an address, not "
                            + Ascii.excerpt(buffer, line, index.contentEnd(line)));
        }
        return SdpSyntaxException.at(
                index, rows[Row.of(stream) + MEDIA], "neither this stream nor the session has an address (c= line)");
    }

    private void requireLength(int level) {
        int row = Row.of(level);
        int length = rows[row + ADDRESS_END] - rows[row + CONNECTION];
        if (length > MAX_CONNECTION) {
            throw SdpSyntaxException.at(
                    index,
                    rows[row + ADDRESS],
                    "a c= line ends its address within " + MAX_CONNECTION + " bytes, not " + length);
        }
    }

    /** A slash is for multicast; only a TTL after a unicast IPv4 address is tolerated. IPv6 is none of the relay's. */
    private void requireUnicast(int level) {
        int start = rows[Row.of(level) + ADDRESS];
        int end = rows[Row.of(level) + ADDRESS_END];
        if (Ascii.indexOf(buffer, start, end, (byte) '/') < 0 || Ascii.indexOf(buffer, start, end, (byte) ':') >= 0) {
            return;
        }
        long ipv4 = ConnectionAddress.ipv4(buffer, start, end);
        if (ipv4 == ConnectionAddress.NOT_IPV4 || ConnectionAddress.isMulticast(ipv4)) {
            throw SdpSyntaxException.at(
                    index, start, "a relay has no multicast address " + Ascii.excerpt(buffer, start, end));
        }
    }

    /**
     * A stream of an unsupported transport counts as well: its m= line has a port, though the index does not keep it.
     */
    private boolean isLive(int stream) {
        int row = Row.of(stream);
        return isSupported(stream)
                ? rows[row + PORT] != 0
                : Ascii.port(buffer, rows[row + PORT_AT], rows[row + PORT_END]) != 0;
    }

    private boolean isSupported(int stream) {
        return (rows[Row.of(stream) + FLAGS] & SUPPORTED) != 0;
    }

    private boolean hasAddress(int stream) {
        return (rows[Row.of(stream) + FLAGS] & CONNECTION_LINE) != 0;
    }

    private boolean isOdd(int stream) {
        return (rows[Row.of(stream) + FLAGS] & ODD_CONNECTION) != 0;
    }
}

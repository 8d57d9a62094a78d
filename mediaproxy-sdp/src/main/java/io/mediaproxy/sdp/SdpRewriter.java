package io.mediaproxy.sdp;

import static io.mediaproxy.sdp.Row.*;

import io.mediaproxy.sdp.SdpEdits.Why;

/**
 * Plans the edits that put a relay into the path of a session's media: the relay's address and ports replace the
 * phone's. Thread-safe.
 *
 * <p>A stream that is not relayed keeps its address: if a session has streams of both kinds, the session's {@code c=}
 * line is removed, and each stream gets its own. The address {@code 0.0.0.0} of a stream on hold (RFC 3264 8.4) stays.
 * A disabled stream (port 0, RFC 3264 6) keeps its port, its {@code a=rtcp} port and its candidates. {@link Detours}
 * are closed.
 */
public final class SdpRewriter {
    /** A line end at the end of the SDP that lacks its LF. */
    private static final int CR_ALONE = 3;

    /** The discard port (RFC 863), which trickle ICE uses until it finds one (RFC 8840 4.1.1). */
    private static final int DISCARD = 9;

    private static final byte[] IP4 = Ascii.bytes("IP4");
    private static final byte[] CONNECTION_PREFIX = Ascii.bytes("c=IN IP4 ");
    private static final byte[] CANDIDATE_PREFIX = Ascii.bytes("a=candidate:R");
    private static final byte[] CR_LF = {Ascii.CR, Ascii.LF};
    private static final int LF = 1;
    private static final byte[] HEX = Ascii.bytes("0123456789abcdef");
    private static final byte[] UDP = Ascii.bytes(" UDP ");
    private static final byte[] SPACE = Ascii.bytes(" ");
    private static final byte[] RELATED_ADDRESS = Ascii.bytes(" typ relay raddr ");
    private static final byte[] RELATED_PORT = Ascii.bytes(" rport ");

    /** RFC 8839 5.1: component ids of RTP and RTCP. */
    private static final int RTP = 1;

    private static final int RTCP = 2;

    private SdpRewriter() {}

    /**
     * Plans the edits as {@link #plan(SdpIndex, RelayEndpoints, IceCandidate, SdpEdits)} does.
     *
     * @param index the SDP
     * @param relay the relay's address and ports
     * @param candidate the ICE candidate to add for the relay
     * @return the plan
     * @throws SdpSyntaxException if the new body would be larger than the limits of the index allow
     */
    public static SdpEdits plan(SdpIndex index, RelayEndpoints relay, IceCandidate candidate) {
        SdpEdits edits = new SdpEdits();
        plan(index, relay, candidate, edits);
        return edits;
    }

    /**
     * Plans the edits for the SDP in {@code index}. If the relay has fewer ports than the SDP has supported streams,
     * the last of these keep their ports and whatever address of their own they have; extra ports are ignored.
     *
     * @param index the SDP
     * @param relay the relay's address and ports
     * @param candidate the ICE candidate to add for the relay
     * @param edits receives the plan, which replaces any earlier one
     * @throws SdpSyntaxException if the new body would be larger than the limits of the index allow; nothing is planned
     *     then
     */
    public static void plan(SdpIndex index, RelayEndpoints relay, IceCandidate candidate, SdpEdits edits) {
        edits.begin(index, relay);
        if (index.relayedCount() == 0) {
            return;
        }
        int[] rows = index.rows();
        boolean sessionAddress = (rows[FLAGS] & CONNECTION_LINE) != 0 && !keepsNullAddress(index, SESSION, relay);
        boolean moved = sessionAddress && index.relayedCount() < index.streamCount();
        if (moved) {
            int next = index.nextLine(rows[ADDRESS_END]);
            edits.delete(rows[CONNECTION], next, Why.SESSION_ADDRESS_MOVED);
        } else if (sessionAddress) {
            connection(edits, rows, 0, Why.SESSION_ADDRESS);
        }
        if ((rows[FLAGS] & DETOUR) != 0) {
            Detours.closeOfSession(index, moved, edits);
        }
        int supported = 0;
        for (int stream = 0; stream < index.streamCount(); stream++) {
            int row = Row.of(stream);
            int flags = rows[row + FLAGS];
            if ((flags & (SUPPORTED | LEFT_ALONE)) == SUPPORTED && supported < relay.count()) {
                int relayPort = relayPort(index, stream, relay, supported);
                relayed(index, relay, edits, stream, relayPort, moved);
                if (candidate != IceCandidate.NONE) {
                    candidates(edits, rows, row, relay, relayPort, candidate);
                }
                if ((flags & DETOUR) != 0 && rows[row + PORT] != 0 && relayPort != 0) {
                    Detours.closeOfStream(index, stream, edits);
                }
            } else if (moved && (flags & (CONNECTION_LINE | ODD_CONNECTION)) == 0) {
                insertSessionConnection(edits, rows, row);
            }
            supported += (flags & SUPPORTED) != 0 ? 1 : 0;
        }
        requireLimit(index, relay, edits);
    }

    private static void relayed(
            SdpIndex index,
            RelayEndpoints relay,
            SdpEdits edits,
            int stream,
            int relayPort,
            boolean sessionAddressMoved) {
        int[] rows = index.rows();
        int row = Row.of(stream);
        int port = rows[row + PORT];
        if (port != 0) {
            Why why = relayPort == 0 ? Why.PORT_DISABLED : Why.PORT;
            edits.replacePort(rows[row + PORT_AT], rows[row + PORT_END], port, relayPort, why);
        }
        int flags = rows[row + FLAGS];
        if ((flags & CONNECTION_LINE) != 0) {
            if (!keepsNullAddress(index, stream, relay)) {
                connection(edits, rows, row, Why.STREAM_ADDRESS);
            }
        } else if (sessionAddressMoved) {
            insertRelayConnection(edits, rows, row);
        }
        if ((flags & RTCP_LINE) != 0) {
            rtcp(edits, rows, row, relayPort);
        }
    }

    /**
     * A live stream that the offer had only in a BUNDLE group has no port of its own at the relay, but that of the
     * group.
     */
    private static int portOfBundle(SdpIndex index, int stream, RelayEndpoints relay) {
        int row = Row.of(stream);
        int port = index.rows()[row + PORT];
        return port == 0 ? 0 : index.bundles().relayPort(stream, relay);
    }

    /** The port for a stream that is the {@code place}-th of those that are supported; 0 if it gets none. */
    private static int relayPort(SdpIndex index, int stream, RelayEndpoints relay, int place) {
        int port = relay.port(place);
        return port == 0 ? portOfBundle(index, stream, relay) : port;
    }

    /**
     * Whether the address at this level, which is there, is the null address of a stream on hold (RFC 3264 8.4), which
     * stays, and not that of one whose address trickle ICE has yet to find (RFC 8840 4.1.1).
     */
    private static boolean keepsNullAddress(SdpIndex index, int level, RelayEndpoints relay) {
        int[] rows = index.rows();
        int row = Row.of(level);
        return ConnectionAddress.isNull(index.buffer(), rows[row + ADDRESS], rows[row + ADDRESS_END])
                && !(level == SESSION ? isPlaceholderOfSession(index, relay) : isPlaceholder(index, level));
    }

    /** The session's address is one if it is for all streams that use it and stay alive. */
    private static boolean isPlaceholderOfSession(SdpIndex index, RelayEndpoints relay) {
        int[] rows = index.rows();
        boolean used = false;
        int supported = 0;
        for (int stream = 0; stream < index.streamCount(); stream++) {
            int row = Row.of(stream);
            int flags = rows[row + FLAGS];
            boolean alive = rows[row + PORT] != 0
                    && (supported >= relay.count() || relayPort(index, stream, relay, supported) != 0);
            if (alive && (flags & (SUPPORTED | CONNECTION_LINE)) == SUPPORTED) {
                used = true;
                if (!isPlaceholder(index, stream)) {
                    return false;
                }
            }
            supported += (flags & SUPPORTED) != 0 ? 1 : 0;
        }
        return used;
    }

    private static boolean isPlaceholder(SdpIndex index, int stream) {
        return index.rows()[Row.of(stream) + PORT] == DISCARD && index.hasIce(stream);
    }

    private static void requireLimit(SdpIndex index, RelayEndpoints relay, SdpEdits edits) {
        int limit = index.limits().bodyBytes();
        if (edits.length() > limit) {
            throw tooLarge(index, relay, edits, limit);
        }
    }

    private static SdpSyntaxException tooLarge(SdpIndex index, RelayEndpoints relay, SdpEdits edits, int limit) {
        int length = edits.length();
        edits.begin(index, relay);
        return SdpSyntaxException.at(
                index, index.start(), "the new body would have " + length + " bytes, allowed are " + limit);
    }

    private static void connection(SdpEdits edits, int[] rows, int row, Why why) {
        int addressEnd = rows[row + ADDRESS_END];
        addressType(edits, rows[row + CONNECTION] + TYPE_LENGTH, addressEnd);
        edits.replaceWithAddress(rows[row + ADDRESS], addressEnd, why);
    }

    /** Rewrites the address type of a text that begins with the network type and ends with the address. */
    private static void addressType(SdpEdits edits, int start, int addressEnd) {
        byte[] buffer = edits.buffer();
        if (ConnectionAddress.isUsualType(buffer, start, addressEnd)) {
            return;
        }
        int addressType = ConnectionAddress.type(buffer, start, addressEnd);
        int addressTypeEnd = Ascii.tokenEnd(buffer, addressType, addressEnd);
        if (!Ascii.equals(buffer, addressType, addressTypeEnd, IP4)) {
            int mark = edits.textMark();
            edits.append(IP4);
            edits.replace(addressType, addressTypeEnd, mark, Why.ADDRESS_TYPE);
        }
    }

    /** RFC 3605. RTCP shares the RTP port if it did so before (RFC 5761, RFC 8035), or else is one above. */
    private static void rtcp(SdpEdits edits, int[] rows, int row, int relayPort) {
        int port = rows[row + PORT];
        int from = rows[row + RTCP_PORT];
        int to = rows[row + RTCP_PORT_END];
        int rtcpPort = Ascii.port(edits.buffer(), from, to);
        if (port != 0 && relayPort != 0 && rtcpPort != 0) {
            edits.replacePort(from, to, rtcpPort, rtcpPort == port ? relayPort : relayPort + 1, Why.RTCP_PORT);
        }
        if ((rows[row + FLAGS] & RTCP_LINE_ADDRESS) != 0) {
            int addressEnd = rows[row + RTCP_ADDRESS_END];
            addressType(edits, Ascii.skipBlanks(edits.buffer(), to, addressEnd), addressEnd);
            edits.replaceWithAddress(rows[row + RTCP_ADDRESS], addressEnd, Why.RTCP_ADDRESS);
        }
    }

    private static void insertRelayConnection(SdpEdits edits, int[] rows, int row) {
        int mark = edits.textMark();
        beginLine(edits, rows, row);
        edits.append(CONNECTION_PREFIX);
        edits.appendAddress();
        endLine(edits, rows, row);
        edits.insert(rows[row + INSERT_AT], mark, Why.RELAY_ADDRESS_ADDED);
    }

    private static void insertSessionConnection(SdpEdits edits, int[] rows, int row) {
        int mark = edits.textMark();
        beginLine(edits, rows, row);
        edits.append(edits.buffer(), rows[CONNECTION], rows[ADDRESS_END]);
        endLine(edits, rows, row);
        edits.insert(rows[row + INSERT_AT], mark, Why.OWN_ADDRESS_KEPT);
    }

    /** Completes the line before, if it is the last one and lacks its line end or a part of it. */
    private static void beginLine(SdpEdits edits, int[] rows, int row) {
        int lineEnd = lineEnd(edits.buffer(), rows[row + INSERT_AT]);
        if (lineEnd == CR_ALONE) {
            appendLineEnd(edits, LF);
        } else if (lineEnd == 0) {
            boolean lineFeedsAlone = lineEnd(edits.buffer(), rows[INSERT_AT]) == LF;
            appendLineEnd(edits, lineFeedsAlone ? LF : CR_LF.length); // as the session's lines have it
        }
    }

    /** Ends an added line as the m= line of its stream ends. At the end of the body it takes the place of the last. */
    private static void endLine(SdpEdits edits, int[] rows, int row) {
        int insertAt = rows[row + INSERT_AT];
        if (edits.buffer()[insertAt - 1] == Ascii.LF) {
            int mediaEnd = Ascii.lineFeed(edits.buffer(), rows[row + PORT_END], insertAt) + 1;
            appendLineEnd(edits, lineEnd(edits.buffer(), mediaEnd));
        }
    }

    private static void appendLineEnd(SdpEdits edits, int length) {
        edits.append(CR_LF, CR_LF.length - length, CR_LF.length);
    }

    /** The line end at {@code end}: 2 bytes for CR LF, 1 for LF, 0 for none, or {@link #CR_ALONE}. */
    private static int lineEnd(byte[] buffer, int end) {
        if (buffer[end - 1] == Ascii.LF) {
            return buffer[end - 2] == Ascii.CR ? CR_LF.length : LF;
        }
        return buffer[end - 1] == Ascii.CR ? CR_ALONE : 0;
    }

    /**
     * RFC 8839 5.1, in front of the stream's own candidates; for RTCP too if the stream has candidates for it, as one
     * with rtcp-mux has for a peer without (RFC 8035).
     */
    private static void candidates(
            SdpEdits edits, int[] rows, int row, RelayEndpoints relay, int relayPort, IceCandidate candidate) {
        int flags = rows[row + FLAGS];
        boolean credentials = Row.hasCredentials(flags) || Row.hasCredentials(rows[FLAGS]);
        if (rows[row + PORT] == 0 || relayPort == 0 || (flags & CANDIDATE_LINE) == 0 || !credentials) {
            return;
        }
        int mark = edits.textMark();
        appendCandidate(edits, relay, RTP, candidate.priority(), relayPort);
        endLine(edits, rows, row);
        if ((flags & RTCP_CANDIDATE) != 0) {
            appendCandidate(edits, relay, RTCP, candidate.priority() - 1, relayPort + 1);
            endLine(edits, rows, row);
        }
        edits.insert(rows[row + CANDIDATE], mark, Why.RELAY_CANDIDATE);
    }

    private static void appendCandidate(SdpEdits edits, RelayEndpoints relay, int component, int priority, int port) {
        edits.append(CANDIDATE_PREFIX);
        appendFoundation(edits, relay);
        edits.append(SPACE);
        edits.appendDecimal(component);
        edits.append(UDP);
        edits.appendDecimal(priority);
        edits.append(SPACE);
        edits.appendAddress();
        edits.append(SPACE);
        edits.appendDecimal(port);
        edits.append(RELATED_ADDRESS);
        edits.appendAddress();
        edits.append(RELATED_PORT);
        edits.appendDecimal(port);
    }

    /** The module's foundation: the address as a little-endian C number, in hex without leading zeros. */
    private static void appendFoundation(SdpEdits edits, RelayEndpoints relay) {
        int octets = Integer.reverseBytes(relay.packedAddress());
        int digits = Math.max(1, (Integer.SIZE + 3 - Integer.numberOfLeadingZeros(octets)) / 4);
        for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
            int digit = octets >>> shift & 0xF;
            edits.append(HEX, digit, digit + 1);
        }
    }
}

package io.mediaproxy.sdp;

import static io.mediaproxy.sdp.SdpIndex.*;

import io.mediaproxy.sdp.SdpEdits.Why;

/**
 * Plans the edits that put a relay into the path of a session's media: its address instead of each phone's, its ports
 * instead of theirs. It reads what {@link SdpIndex} found and touches nothing else.
 *
 * <p>What the relay does not carry keeps its own address: where a session has streams of both kinds, the session's
 * {@code c=} line goes, and each stream below gets one of its own. An address {@code 0.0.0.0} is a stream on hold (RFC 3264
 * 8.4) and stays. A disabled stream (port 0, RFC 3264 6) keeps its port, its {@code a=rtcp} port and its candidates.
 */
public final class SdpRewriter {
    private static final byte[] NULL_ADDRESS = Ascii.bytes("0.0.0.0");
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

    /** Before the first plan. */
    private static final RelayEndpoints NOWHERE = RelayEndpoints.of("0.0.0.0");

    private final SdpEdits edits;

    // What the plan at hand reads. A rewriter lives as long as its edits, so that no plan allocates anything.
    private byte[] buffer = {};
    private int[] rows = {};
    private RelayEndpoints relay = NOWHERE;
    private IceCandidate candidate = IceCandidate.NONE;

    SdpRewriter(SdpEdits edits) {
        this.edits = edits;
    }

    /** Plans into edits of its own; see {@link #plan(SdpIndex, RelayEndpoints, IceCandidate, SdpEdits)}. */
    public static SdpEdits plan(SdpIndex index, RelayEndpoints relay, IceCandidate candidate) {
        SdpEdits edits = new SdpEdits();
        plan(index, relay, candidate, edits);
        return edits;
    }

    /**
     * Plans the edits for the SDP in {@code index}. Where the relay has fewer ports than the SDP has supported streams, the
     * last of these keep their ports and whatever address of their own they have; ports too many are ignored.
     *
     * @param edits is filled anew
     */
    public static void plan(SdpIndex index, RelayEndpoints relay, IceCandidate candidate, SdpEdits edits) {
        edits.rewriter().fill(index, relay, candidate);
    }

    private void fill(SdpIndex index, RelayEndpoints relay, IceCandidate candidate) {
        this.buffer = index.buffer();
        this.rows = index.rows();
        this.relay = relay;
        this.candidate = candidate;
        edits.begin(buffer, index.bodyStart(), index.bodyEnd(), relay.addressBytes());
        if (index.supportedCount() == 0) {
            return;
        }
        boolean sessionAddress = rows[CONNECTION_LINE] != 0 && !isNull(rows[ADDRESS], rows[ADDRESS_END]);
        boolean moved = sessionAddress && index.supportedCount() < index.streamCount();
        if (moved) {
            edits.delete(rows[CONNECTION], rows[CONNECTION_NEXT], rows[CONNECTION_LINE], Why.SESSION_ADDRESS_MOVED);
        } else if (sessionAddress) {
            connection(0, Why.SESSION_ADDRESS);
        }
        int carried = 0;
        for (int stream = 1; stream <= index.streamCount(); stream++) {
            int row = stream << ROW_SHIFT;
            if ((rows[row + FLAGS] & SUPPORTED) != 0 && carried < relay.count()) {
                carried(row, relay.port(carried), moved);
                carried++;
            } else if (moved && rows[row + CONNECTION_LINE] == 0) {
                insertLine(row, rows[CONNECTION], rows[ADDRESS_END]);
            }
        }
    }

    private void carried(int row, int relayPort, boolean sessionAddressMoved) {
        int port = rows[row + PORT];
        if (port != 0) {
            int mark = edits.textMark();
            edits.appendDecimal(relayPort);
            Why why = relayPort == 0 ? Why.PORT_DISABLED : Why.PORT;
            edits.replace(rows[row + PORT_AT], rows[row + PORT_END], mark, rows[row + MEDIA_LINE], why);
        }
        if (rows[row + CONNECTION_LINE] != 0) {
            if (!isNull(rows[row + ADDRESS], rows[row + ADDRESS_END])) {
                connection(row, Why.STREAM_ADDRESS);
            }
        } else if (sessionAddressMoved) {
            insertRelayConnection(row);
        }
        boolean enabled = port != 0 && relayPort != 0;
        if (rows[row + RTCP_LINE] != 0) {
            rtcp(row, port, relayPort, enabled);
        }
        if (enabled && candidate != IceCandidate.NONE && hasIce(rows, row)) {
            candidates(row, relayPort);
        }
    }

    private void connection(int row, Why why) {
        int line = rows[row + CONNECTION_LINE];
        addressType(rows[row + ADDRESS_TYPE], rows[row + ADDRESS_TYPE_END], line);
        edits.replaceWithAddress(rows[row + ADDRESS], rows[row + ADDRESS_END], line, why);
    }

    private void addressType(int from, int to, int line) {
        if (!Ascii.equals(buffer, from, to, IP4)) {
            int mark = edits.textMark();
            edits.append(IP4);
            edits.replace(from, to, mark, line, Why.ADDRESS_TYPE);
        }
    }

    /** RFC 3605. RTCP shares the RTP port where the SDP says so (RFC 5761, RFC 8035); else the relay has it one above. */
    private void rtcp(int row, int port, int relayPort, boolean enabled) {
        int line = rows[row + RTCP_LINE];
        int from = rows[row + RTCP_PORT];
        int to = rows[row + RTCP_PORT_END];
        int rtcpPort = Ascii.port(buffer, from, to);
        if (enabled && rtcpPort != 0) {
            int mark = edits.textMark();
            edits.appendDecimal(rtcpPort == port ? relayPort : relayPort + 1);
            edits.replace(from, to, mark, line, Why.RTCP_PORT);
        }
        if (rows[row + RTCP_ADDRESS] != 0) {
            addressType(rows[row + RTCP_ADDRESS_TYPE], rows[row + RTCP_ADDRESS_TYPE_END], line);
            edits.replaceWithAddress(rows[row + RTCP_ADDRESS], rows[row + RTCP_ADDRESS_END], line, Why.RTCP_ADDRESS);
        }
    }

    private void insertRelayConnection(int row) {
        int mark = edits.textMark();
        beginLine(row);
        edits.append(CONNECTION_PREFIX);
        edits.appendAddress();
        endLine(row);
        edits.insert(rows[row + INSERT_AT], mark, rows[row + INSERT_LINE], Why.RELAY_ADDRESS_ADDED);
    }

    private void insertLine(int row, int from, int to) {
        int mark = edits.textMark();
        beginLine(row);
        edits.append(buffer, from, to);
        endLine(row);
        edits.insert(rows[row + INSERT_AT], mark, rows[row + INSERT_LINE], Why.OWN_ADDRESS_KEPT);
    }

    /** Behind a last line that lacks its line end, or a part of it, that comes first. */
    private void beginLine(int row) {
        int lineEnd = rows[row + LINE_END];
        if (lineEnd == CR_ALONE) {
            lineEnd(LF);
        } else if (lineEnd == 0) {
            lineEnd(rows[LINE_END] == LF ? LF : CR_LF.length); // as the session's lines have it
        }
    }

    private void endLine(int row) {
        int lineEnd = rows[row + LINE_END];
        lineEnd(lineEnd == CR_ALONE ? 0 : lineEnd);
    }

    private void lineEnd(int length) {
        edits.append(CR_LF, CR_LF.length - length, CR_LF.length);
    }

    /**
     * RFC 8839 5.1, in front of the stream's own candidates; for RTCP too if the stream has candidates for it, as one with
     * rtcp-mux has for a peer without (RFC 8035).
     */
    private void candidates(int row, int relayPort) {
        int mark = edits.textMark();
        candidate(row, RTP, candidate.priority(), relayPort);
        if ((rows[row + FLAGS] & RTCP_CANDIDATE) != 0) {
            candidate(row, RTCP, candidate.priority() - 1, relayPort + 1);
        }
        edits.insert(rows[row + CANDIDATE], mark, rows[row + CANDIDATE_LINE], Why.RELAY_CANDIDATE);
    }

    private void candidate(int row, int component, int priority, int port) {
        edits.append(CANDIDATE_PREFIX);
        foundation();
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
        endLine(row);
    }

    /** The module's: the address as C has it on a little-endian machine, in hex without leading zeros. */
    private void foundation() {
        int octets = Integer.reverseBytes(relay.packedAddress());
        int digits = Math.max(1, (Integer.SIZE + 3 - Integer.numberOfLeadingZeros(octets)) / 4);
        for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
            int digit = octets >>> shift & 0xF;
            edits.append(HEX, digit, digit + 1);
        }
    }

    private boolean isNull(int from, int to) {
        return Ascii.equals(buffer, from, to, NULL_ADDRESS);
    }
}

package io.mediaproxy.sdp;

import static io.mediaproxy.sdp.SdpIndex.*;

/**
 * The one pass over the bytes of an SDP. It cares for five kinds of line and passes over all others:
 *
 * <pre>
 *   v=0                                          exactly one
 *   m=audio 5012/1 RTP/AVP 0 8                   opens a stream (RFC 8866 5.14)
 *   i=text                                       a c= line belongs behind it
 *   c=IN IP4 10.0.0.1                            the first one of each level counts (RFC 8866 5.7)
 *   a=sendrecv | sendonly | recvonly | inactive  in any case, alone on its line; the first one counts
 *   a=rtcp:5013 [IN IP4 10.0.0.1]                RFC 3605
 *   a=candidate: | ice-ufrag: | ice-pwd: | remote-candidates:    RFC 8839
 * </pre>
 *
 * <p>A line ends with LF, and a CR before it belongs to the line end. Tolerated, as in the module: LF alone, no line end
 * behind the last line, tabs and more than one blank between tokens, any order of lines below an {@code m=} line.
 *
 * <p>Text from the input never decides more than one step: each byte is looked at once to find the line ends, and each
 * line of the five kinds once more.
 */
final class SdpScanner {
    private static final byte[] RTCP = Ascii.bytes("rtcp:");
    private static final byte[] CANDIDATE_NAME = Ascii.bytes("candidate:");
    private static final byte[] UFRAG = Ascii.bytes("ice-ufrag:");
    private static final byte[] REMOTE_CANDIDATES = Ascii.bytes("remote-candidates:");
    private static final byte[] TRANSPORT_RTP = Ascii.bytes("rtp");
    private static final byte[] TRANSPORT_UDP = Ascii.bytes("udp");

    // The first eight letters of each.
    private static final long RTCP_WORD = Ascii.word("rtcp:\0\0\0");
    private static final long CANDIDATE_WORD = Ascii.word("candidat");
    private static final long UFRAG_WORD = Ascii.word("ice-ufra");
    private static final long PWD_WORD = Ascii.word("ice-pwd:");
    private static final long REMOTE_CANDIDATES_WORD = Ascii.word("remote-c");
    private static final long FIVE_LETTERS = 0xFF_FFFF_FFFFL;

    /** All four directions have eight. */
    private static final long[] DIRECTION_WORDS = directionWords();
    /** Sets the bit that tells upper from lower case in eight ASCII letters. */
    private static final long LOWER_CASE = 0x2020_2020_2020_2020L;

    /** The longest name DNS has (RFC 1035 2.3.4); it bounds what a moved address can add. */
    private static final int MAX_ADDRESS = 255;

    private final SdpIndex index;
    private final SdpLimits limits;

    private byte[] buffer = {};
    private int sdpStart;
    /** The row that lines go to: the session's, then that of the stream whose m= line came last. */
    private int row;

    private int line;
    private int versions;

    SdpScanner(SdpIndex index, SdpLimits limits) {
        this.index = index;
        this.limits = limits;
    }

    private static long[] directionWords() {
        long[] words = new long[DIRECTIONS.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = Ascii.word(DIRECTIONS[i]);
        }
        return words;
    }

    /**
     * Fills the index from the range.
     *
     * @throws SdpSyntaxException the index is then half filled
     */
    void scan(byte[] buffer, int start, int end) {
        this.buffer = buffer;
        sdpStart = start;
        row = 0;
        line = 0;
        versions = 0;

        int lineStart = start;
        int pos = start;
        for (int lastWord = end - Long.BYTES; pos <= lastWord; pos += Long.BYTES) {
            long lineFeeds = Ascii.lineFeeds(Ascii.word(buffer, pos));
            while (lineFeeds != 0) {
                int next = pos + (Long.numberOfTrailingZeros(lineFeeds) >> 3) + 1;
                line(lineStart, next - 1, next);
                lineStart = next;
                lineFeeds &= lineFeeds - 1;
            }
        }
        for (; pos < end; pos++) {
            if (buffer[pos] == Ascii.LF) {
                line(lineStart, pos, pos + 1);
                lineStart = pos + 1;
            }
        }
        if (lineStart < end) {
            line(lineStart, end, end);
        }
        requireComplete();
    }

    /**
     * One line, from {@code start} to the LF at {@code lineFeed} (or the end of the SDP); the next one begins at {@code next}.
     */
    private void line(int start, int lineFeed, int next) {
        line++;
        int length = lineFeed - start;
        if (length < 2) {
            return;
        }
        if (length > limits.lineBytes()) {
            throw lineTooLong(start, length);
        }
        if (buffer[start + 1] != '=') {
            return;
        }
        byte kind = buffer[start];
        if (kind == 'a') { // Most lines are: asked for first, the switch costs them nothing.
            attribute(start, contentEnd(lineFeed, next));
            return;
        }
        switch (kind) {
            case 'c' -> connection(start, contentEnd(lineFeed, next), next);
            case 'm' -> media(start, contentEnd(lineFeed, next), next);
            case 'i' -> information(contentEnd(lineFeed, next), next);
            case 'v' -> version(start, next - contentEnd(lineFeed, next));
            default -> {}
        }
    }

    private int contentEnd(int lineFeed, int next) {
        return next > lineFeed && buffer[lineFeed - 1] == Ascii.CR ? lineFeed - 1 : lineFeed;
    }

    private void version(int start, int lineEndLength) {
        versions++;
        if (versions > 1) {
            throw syntax("a second v= line: one SDP describes one session", start);
        }
        index.rows()[LINE_END_LENGTH] = lineEndLength;
    }

    private void information(int end, int next) {
        int[] rows = index.rows();
        // Only directly below m= does i= describe the stream; anywhere else it is out of order and stays where it is.
        if (rows[row + MEDIA_LINE] == line - 1 && row != 0) {
            rows[row + INSERT_AT] = next;
            rows[row + INSERT_LINE] = line + 1;
            rows[row + LINE_END_LENGTH] = next - end;
        }
    }

    private void media(int start, int end, int next) {
        if (index.streamCount() == limits.streams()) {
            throw syntax("more than " + limits.streams() + " streams", start);
        }
        row = index.openStream();
        int[] rows = index.rows();

        int type = Ascii.skipBlanks(buffer, start + 2, end);
        int typeEnd = Ascii.tokenEnd(buffer, type, end);
        int port = Ascii.skipBlanks(buffer, typeEnd, end);
        int portEnd = Ascii.tokenEnd(buffer, port, end);
        int transport = Ascii.skipBlanks(buffer, portEnd, end);
        int transportEnd = Ascii.tokenEnd(buffer, transport, end);
        if (transport == end) {
            throw syntax(
                    "an m= line has a media type, a port and a transport, not " + Ascii.excerpt(buffer, start, end),
                    start);
        }
        rows[row + MEDIA_LINE] = line;
        rows[row + TYPE] = type;
        rows[row + TYPE_END] = typeEnd;
        rows[row + PORT_AT] = port;
        rows[row + PORT_END] = portEnd;
        rows[row + TRANSPORT] = transport;
        rows[row + TRANSPORT_END] = transportEnd;
        rows[row + INSERT_AT] = next;
        rows[row + INSERT_LINE] = line + 1;
        rows[row + LINE_END_LENGTH] = next - end;
        if (isSupported(transport, transportEnd)) {
            rows[row + FLAGS] = SUPPORTED;
            index.countSupported();
            port(rows, port, portEnd);
        }
    }

    private boolean isSupported(int transport, int transportEnd) {
        return Ascii.startsWithIgnoreCase(buffer, transport, transportEnd, TRANSPORT_RTP)
                || Ascii.startsWithIgnoreCase(buffer, transport, transportEnd, TRANSPORT_UDP);
    }

    /** A number, and behind it at most "/1": a relay has one pair of ports for a stream. */
    private void port(int[] rows, int start, int end) {
        int numberEnd = end;
        int slash = Ascii.indexOf(buffer, start, end, (byte) '/');
        if (slash >= 0) {
            if (end - slash != 2 || buffer[slash + 1] != '1') {
                throw syntax("a relay carries one port of a stream, not " + Ascii.excerpt(buffer, start, end), start);
            }
            numberEnd = slash;
        }
        int value = Ascii.port(buffer, start, numberEnd);
        if (value < 0) {
            throw syntax("a port is a number from 0 to 65535, not " + Ascii.excerpt(buffer, start, end), start);
        }
        rows[row + PORT] = value;
        rows[row + PORT_END] = numberEnd;
    }

    private void connection(int start, int end, int next) {
        int[] rows = index.rows();
        if (rows[row + CONNECTION_LINE] != 0) {
            return; // Tolerated: more c= lines; the first one counts.
        }
        int netType = Ascii.skipBlanks(buffer, start + 2, end);
        int netTypeEnd = Ascii.tokenEnd(buffer, netType, end);
        int addressType = Ascii.skipBlanks(buffer, netTypeEnd, end);
        int addressTypeEnd = Ascii.tokenEnd(buffer, addressType, end);
        int address = Ascii.skipBlanks(buffer, addressTypeEnd, end);
        int addressEnd = Ascii.tokenEnd(buffer, address, end);
        if (row == 0 || (rows[row + FLAGS] & SUPPORTED) != 0) {
            requireAddress(start, address, addressEnd, end);
        }
        rows[row + CONNECTION_LINE] = line;
        rows[row + CONNECTION] = start;
        rows[row + CONNECTION_END] = end;
        rows[row + CONNECTION_NEXT] = next;
        rows[row + ADDRESS_TYPE] = addressType;
        rows[row + ADDRESS_TYPE_END] = addressTypeEnd;
        rows[row + ADDRESS] = address;
        rows[row + ADDRESS_END] = addressEnd;
    }

    private void requireAddress(int start, int address, int addressEnd, int end) {
        if (address == addressEnd) {
            throw syntax(
                    "a c= line has a network type, an address type and an address, not "
                            + Ascii.excerpt(buffer, start, end),
                    start);
        }
        if (Ascii.indexOf(buffer, address, addressEnd, (byte) '/') >= 0) {
            throw syntax("a relay has no multicast address " + Ascii.excerpt(buffer, address, addressEnd), address);
        }
        if (addressEnd - address > MAX_ADDRESS) {
            throw syntax("an address has at most " + MAX_ADDRESS + " bytes, not " + (addressEnd - address), address);
        }
    }

    /** The first eight letters of the name tell the attributes apart; only {@code a=rtcp:} fits in less. */
    private void attribute(int start, int end) {
        int name = start + 2;
        if (end - name < Long.BYTES) {
            if (Ascii.startsWith(buffer, name, end, RTCP)) {
                rtcp(name + RTCP.length, end);
            }
            return;
        }
        long word = Ascii.word(buffer, name);
        if (word == CANDIDATE_WORD) {
            if (Ascii.startsWith(buffer, name, end, CANDIDATE_NAME)) {
                candidate(start, name + CANDIDATE_NAME.length, end);
            }
        } else if ((word & FIVE_LETTERS) == RTCP_WORD) {
            rtcp(name + RTCP.length, end);
        } else if (word == UFRAG_WORD) {
            if (Ascii.startsWith(buffer, name, end, UFRAG)) {
                index.rows()[row + FLAGS] |= ICE_UFRAG;
            }
        } else if (word == PWD_WORD) {
            index.rows()[row + FLAGS] |= ICE_PWD;
        } else if (end - name == Long.BYTES) {
            direction(word | LOWER_CASE);
        } else if (word == REMOTE_CANDIDATES_WORD && Ascii.startsWith(buffer, name, end, REMOTE_CANDIDATES)) {
            index.noteRemoteCandidates();
        }
    }

    private void direction(long word) {
        int[] rows = index.rows();
        if (rows[row + DIRECTION] != 0) {
            return;
        }
        for (int i = 0; i < DIRECTION_WORDS.length; i++) {
            if (word == DIRECTION_WORDS[i]) {
                rows[row + DIRECTION] = i + 1;
                return;
            }
        }
    }

    /** RFC 3605: a port, and behind it perhaps network type, address type and address. */
    private void rtcp(int value, int end) {
        int[] rows = index.rows();
        int port = Ascii.skipBlanks(buffer, value, end);
        if (rows[row + RTCP_LINE] != 0 || port == end) {
            return;
        }
        int portEnd = Ascii.tokenEnd(buffer, port, end);
        rows[row + RTCP_LINE] = line;
        rows[row + RTCP_PORT] = port;
        rows[row + RTCP_PORT_END] = portEnd;
        int netTypeEnd = Ascii.tokenEnd(buffer, Ascii.skipBlanks(buffer, portEnd, end), end);
        int addressType = Ascii.skipBlanks(buffer, netTypeEnd, end);
        int addressTypeEnd = Ascii.tokenEnd(buffer, addressType, end);
        int address = Ascii.skipBlanks(buffer, addressTypeEnd, end);
        if (address < end) {
            rows[row + RTCP_ADDRESS_TYPE] = addressType;
            rows[row + RTCP_ADDRESS_TYPE_END] = addressTypeEnd;
            rows[row + RTCP_ADDRESS] = address;
            rows[row + RTCP_ADDRESS_END] = Ascii.tokenEnd(buffer, address, end);
        }
    }

    /** RFC 8839 5.1: the foundation, then the component: 1 is RTP, 2 is RTCP. */
    private void candidate(int start, int value, int end) {
        int[] rows = index.rows();
        if (rows[row + CANDIDATE_LINE] == 0) {
            rows[row + CANDIDATE_LINE] = line;
            rows[row + CANDIDATE] = start;
        }
        if ((rows[row + FLAGS] & RTCP_CANDIDATE) != 0) {
            return;
        }
        int foundation = Ascii.skipBlanks(buffer, value, end);
        int component = Ascii.skipBlanks(buffer, Ascii.tokenEnd(buffer, foundation, end), end);
        if (Ascii.tokenEnd(buffer, component, end) == component + 1 && buffer[component] == '2') {
            rows[row + FLAGS] |= RTCP_CANDIDATE;
        }
    }

    private void requireComplete() {
        if (versions == 0) {
            throw syntax("no v= line: this is not SDP", sdpStart, 1);
        }
        int[] rows = index.rows();
        if (rows[CONNECTION_LINE] != 0) {
            return;
        }
        for (int stream = 1; stream <= index.streamCount(); stream++) {
            int own = stream << ROW_SHIFT;
            boolean disabled = Ascii.port(buffer, rows[own + PORT_AT], rows[own + PORT_END]) == 0;
            if (rows[own + CONNECTION_LINE] == 0 && !disabled) {
                throw syntax(
                        "neither this stream nor the session has an address (c= line)",
                        rows[own + TYPE] - 2,
                        rows[own + MEDIA_LINE]);
            }
        }
    }

    private SdpSyntaxException lineTooLong(int start, int length) {
        return syntax("a line of " + length + " bytes, allowed are " + limits.lineBytes(), start);
    }

    private SdpSyntaxException syntax(String what, int pos) {
        return syntax(what, pos, line);
    }

    private SdpSyntaxException syntax(String what, int pos, int line) {
        return new SdpSyntaxException(what, pos - sdpStart, line);
    }
}

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

    // What the supported transports begin with; a byte that is not ASCII is negative and makes another number.
    private static final int RTP_LETTERS = ('r' << 16) | ('t' << 8) | 'p';
    private static final int UDP_LETTERS = ('u' << 16) | ('d' << 8) | 'p';
    private static final int LOWER_CASE_LETTERS = 0x20_2020;

    // The first letters of a line, and of an attribute's name behind its "a=", as one number with the first letter
    // lowest.
    private static final long TWO_LETTERS = 0xFFFFL;
    private static final long FOUR_LETTERS = 0xFFFF_FFFFL;
    private static final long ATTRIBUTE = Ascii.word("a=\0\0\0\0\0\0");
    private static final long CAND = Ascii.word("cand\0\0\0\0");
    private static final long ICE = Ascii.word("ice-\0\0\0\0");
    private static final long REMO = Ascii.word("remo\0\0\0\0");

    // Names of attributes: the first eight letters as one number, and the rest.
    private static final long RTCP_WORD = Ascii.word("rtcp:\0\0\0");
    private static final long FIVE_LETTERS = 0xFF_FFFF_FFFFL;
    private static final long CANDIDATE_WORD = Ascii.word("candidat");
    private static final byte[] CANDIDATE_REST = Ascii.bytes("e:");
    private static final long UFRAG_WORD = Ascii.word("ice-ufra");
    private static final byte[] UFRAG_REST = Ascii.bytes("g:");
    private static final long PWD_WORD = Ascii.word("ice-pwd:");
    private static final long REMOTE_CANDIDATES_WORD = Ascii.word("remote-c");
    private static final byte[] REMOTE_CANDIDATES_REST = Ascii.bytes("andidates:");

    private static final long IN_IP4_WORD = Ascii.word("IN IP4 \0");
    private static final long SEVEN_LETTERS = 0xFF_FFFF_FFFF_FFFFL;
    private static final int IP4_AT = 3;
    private static final int IP4_LENGTH = 3;

    /** {@code a=sendrecv} and a CR. */
    private static final int LONGEST_DIRECTION = 11;

    /** All four directions have eight letters. */
    private static final long[] DIRECTION_WORDS = directionWords();
    /** Sets the bit that tells upper from lower case in eight ASCII letters. */
    private static final long LOWER_CASE = 0x2020_2020_2020_2020L;

    /** A type and "=". */
    private static final int SHORTEST = 2;

    /**
     * A c= line up to the end of its address, which may be the longest name that DNS has (RFC 1035 2.3.4). Where the session's
     * address is moved, this is what each stream can add to the body.
     */
    private static final int MAX_CONNECTION = 300;

    private final SdpIndex index;
    private final int maxStreams;
    private final int maxLine;

    private int sdpStart;
    /** The row that lines go to: the session's, then that of the stream whose m= line came last. */
    private int row;

    private int line;
    private int versions;

    SdpScanner(SdpIndex index, SdpLimits limits) {
        this.index = index;
        this.maxStreams = limits.streams();
        this.maxLine = limits.lineBytes();
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
        sdpStart = start;
        row = 0;
        versions = 0;
        int lines = 0;
        int lineStart = start;
        int pos = start;
        for (int lastWord = end - Long.BYTES; pos <= lastWord; pos += Long.BYTES) {
            long lineFeeds = Ascii.lineFeeds(Ascii.word(buffer, pos));
            while (lineFeeds != 0) {
                int lineFeed = pos + (Long.numberOfTrailingZeros(lineFeeds) >> 3);
                lines++;
                if (lineStart > lastWord || matters(Ascii.word(buffer, lineStart), lineFeed - lineStart)) {
                    line = lines;
                    line(buffer, lineStart, lineFeed, lineFeed + 1);
                }
                lineStart = lineFeed + 1;
                lineFeeds &= lineFeeds - 1;
            }
        }
        for (; pos < end; pos++) {
            if (buffer[pos] == Ascii.LF) {
                line = ++lines;
                line(buffer, lineStart, pos, pos + 1);
                lineStart = pos + 1;
            }
        }
        if (lineStart < end) {
            line = ++lines;
            line(buffer, lineStart, end, end);
        }
        requireComplete(buffer);
    }

    /**
     * Whether a line may be one of those that are read, by its first eight letters. It is asked of every line, and most are
     * attributes of other names: told here, they cost no call.
     */
    private boolean matters(long head, int length) {
        if ((head & TWO_LETTERS) != ATTRIBUTE) {
            byte type = (byte) head;
            return type == 'c' || type == 'm' || type == 'i' || type == 'v' || length > maxLine;
        }
        long name = head >>> (2 * Byte.SIZE);
        return (name & FOUR_LETTERS) == CAND
                || (name & FIVE_LETTERS) == RTCP_WORD
                || (name & FOUR_LETTERS) == ICE
                || (name & FOUR_LETTERS) == REMO
                || length <= LONGEST_DIRECTION
                || length > maxLine;
    }

    /** One line, from {@code start} to the LF at {@code lineFeed} or the end of the SDP; the next one begins at {@code next}. */
    private void line(byte[] buffer, int start, int lineFeed, int next) {
        int length = lineFeed - start;
        if (length < SHORTEST) {
            return;
        }
        if (length > maxLine) {
            throw lineTooLong(start, length);
        }
        if (buffer[start + 1] != '=') {
            return;
        }
        switch (buffer[start]) {
            case 'a' -> attribute(buffer, start + 2, contentEnd(buffer, start, lineFeed));
            case 'c' -> connection(buffer, start + 2, contentEnd(buffer, start, lineFeed), next);
            case 'm' -> media(buffer, start + 2, contentEnd(buffer, start, lineFeed), next);
            case 'i' -> information(lineEnd(buffer, contentEnd(buffer, start, lineFeed), next), next);
            case 'v' -> version(start, lineEnd(buffer, contentEnd(buffer, start, lineFeed), next));
            default -> {}
        }
    }

    private static int contentEnd(byte[] buffer, int start, int lineFeed) {
        return lineFeed > start && buffer[lineFeed - 1] == Ascii.CR ? lineFeed - 1 : lineFeed;
    }

    /** See {@link SdpIndex#LINE_END}. */
    private static int lineEnd(byte[] buffer, int end, int next) {
        return next - end == 1 && buffer[end] == Ascii.CR ? CR_ALONE : next - end;
    }

    private void version(int start, int lineEnd) {
        versions++;
        if (versions > 1) {
            throw syntax("a second v= line: one SDP describes one session", start);
        }
        index.rows()[LINE_END] = lineEnd;
    }

    private void information(int lineEnd, int next) {
        int[] rows = index.rows();
        // Only directly below m= does i= describe the stream; anywhere else it is out of order and stays where it is.
        if (row != 0 && rows[row + MEDIA_LINE] == line - 1) {
            rows[row + INSERT_AT] = next;
            rows[row + INSERT_LINE] = line + 1;
            rows[row + LINE_END] = lineEnd;
        }
    }

    private void media(byte[] buffer, int type, int end, int next) {
        if (index.streamCount() == maxStreams) {
            throw syntax("more than " + maxStreams + " streams", type - 2);
        }
        row = index.openStream();
        int[] rows = index.rows();

        int typeStart = Ascii.skipBlanks(buffer, type, end);
        int typeEnd = Ascii.tokenEnd(buffer, typeStart, end);
        int port = Ascii.skipBlanks(buffer, typeEnd, end);
        int portEnd = Ascii.tokenEnd(buffer, port, end);
        int transport = Ascii.skipBlanks(buffer, portEnd, end);
        int transportEnd = Ascii.tokenEnd(buffer, transport, end);
        if (transport == end) {
            throw syntax(
                    "an m= line has a media type, a port and a transport, not " + Ascii.excerpt(buffer, type - 2, end),
                    type - 2);
        }
        rows[row + MEDIA_LINE] = line;
        rows[row + TYPE] = typeStart;
        rows[row + TYPE_END] = typeEnd;
        rows[row + PORT_AT] = port;
        rows[row + PORT_END] = portEnd;
        rows[row + PORT] = 0;
        rows[row + TRANSPORT] = transport;
        rows[row + TRANSPORT_END] = transportEnd;
        rows[row + INSERT_AT] = next;
        rows[row + INSERT_LINE] = line + 1;
        rows[row + LINE_END] = lineEnd(buffer, end, next);
        if (isSupported(buffer, transport, transportEnd)) {
            rows[row + FLAGS] = SUPPORTED;
            index.countSupported();
            port(rows, buffer, port, portEnd);
        }
    }

    private static boolean isSupported(byte[] buffer, int transport, int transportEnd) {
        if (transportEnd - transport < 3) {
            return false;
        }
        int letters = (buffer[transport] << 16) | (buffer[transport + 1] << 8) | buffer[transport + 2];
        int lowerCase = letters | LOWER_CASE_LETTERS;
        return lowerCase == RTP_LETTERS || lowerCase == UDP_LETTERS;
    }

    /** A number, and behind it at most "/1": a relay has one pair of ports for a stream. */
    private void port(int[] rows, byte[] buffer, int start, int end) {
        int numberEnd = end;
        int value = Ascii.port(buffer, start, end);
        if (value < 0) {
            numberEnd = Ascii.indexOf(buffer, start, end, (byte) '/');
            if (numberEnd < 0) {
                throw badPort(buffer, start, end);
            }
            if (end - numberEnd != 2 || buffer[numberEnd + 1] != '1') {
                throw syntax("a relay carries one port of a stream, not " + Ascii.excerpt(buffer, start, end), start);
            }
            value = Ascii.port(buffer, start, numberEnd);
            if (value < 0) {
                throw badPort(buffer, start, end);
            }
        }
        rows[row + PORT] = value;
        rows[row + PORT_END] = numberEnd;
    }

    private SdpSyntaxException badPort(byte[] buffer, int start, int end) {
        return syntax("a port is a number from 0 to 65535, not " + Ascii.excerpt(buffer, start, end), start);
    }

    private void connection(byte[] buffer, int value, int end, int next) {
        int[] rows = index.rows();
        if (rows[row + CONNECTION_LINE] != 0) {
            return; // Tolerated: more c= lines; the first one counts.
        }
        int addressType;
        int addressTypeEnd;
        if (isUsual(buffer, value, end)) {
            addressType = value + IP4_AT;
            addressTypeEnd = addressType + IP4_LENGTH;
        } else {
            int netType = Ascii.skipBlanks(buffer, value, end);
            addressType = Ascii.skipBlanks(buffer, Ascii.tokenEnd(buffer, netType, end), end);
            addressTypeEnd = Ascii.tokenEnd(buffer, addressType, end);
        }
        int address = Ascii.skipBlanks(buffer, addressTypeEnd, end);
        int addressEnd = Ascii.tokenEnd(buffer, address, end);
        if (row == 0 || (rows[row + FLAGS] & SUPPORTED) != 0) {
            requireAddress(buffer, value - 2, address, addressEnd, end);
        }
        rows[row + CONNECTION_LINE] = line;
        rows[row + CONNECTION] = value - 2;
        rows[row + CONNECTION_NEXT] = next;
        rows[row + ADDRESS_TYPE] = addressType;
        rows[row + ADDRESS_TYPE_END] = addressTypeEnd;
        rows[row + ADDRESS] = address;
        rows[row + ADDRESS_END] = addressEnd;
    }

    /** Whether network and address type have their usual spelling, told by one comparison. */
    private static boolean isUsual(byte[] buffer, int netType, int end) {
        return end - netType > Long.BYTES && (Ascii.word(buffer, netType) & SEVEN_LETTERS) == IN_IP4_WORD;
    }

    private void requireAddress(byte[] buffer, int start, int address, int addressEnd, int end) {
        if (address == addressEnd) {
            throw syntax(
                    "a c= line has a network type, an address type and an address, not "
                            + Ascii.excerpt(buffer, start, end),
                    start);
        }
        if (Ascii.indexOf(buffer, address, addressEnd, (byte) '/') >= 0) {
            throw syntax("a relay has no multicast address " + Ascii.excerpt(buffer, address, addressEnd), address);
        }
        if (addressEnd - start > MAX_CONNECTION) {
            throw syntax(
                    "a c= line ends its address within " + MAX_CONNECTION + " bytes, not " + (addressEnd - start),
                    address);
        }
    }

    /** The first eight letters of the name tell the attributes apart; only {@code a=rtcp:} fits in less. */
    private void attribute(byte[] buffer, int name, int end) {
        int length = end - name;
        if (length < Long.BYTES) {
            if (Ascii.startsWith(buffer, name, end, RTCP)) {
                rtcp(buffer, name + RTCP.length, end);
            }
            return;
        }
        long word = Ascii.word(buffer, name);
        if (word == CANDIDATE_WORD) {
            if (Ascii.startsWith(buffer, name + Long.BYTES, end, CANDIDATE_REST)) {
                candidate(buffer, name, end);
            }
        } else if ((word & FIVE_LETTERS) == RTCP_WORD) {
            rtcp(buffer, name + RTCP.length, end);
        } else if (word == UFRAG_WORD) {
            if (Ascii.startsWith(buffer, name + Long.BYTES, end, UFRAG_REST)) {
                index.rows()[row + FLAGS] |= ICE_UFRAG;
            }
        } else if (word == PWD_WORD) {
            index.rows()[row + FLAGS] |= ICE_PWD;
        } else if (length == Long.BYTES) {
            direction(word | LOWER_CASE);
        } else if (word == REMOTE_CANDIDATES_WORD
                && Ascii.startsWith(buffer, name + Long.BYTES, end, REMOTE_CANDIDATES_REST)) {
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
    private void rtcp(byte[] buffer, int value, int end) {
        int[] rows = index.rows();
        int port = Ascii.skipBlanks(buffer, value, end);
        if (rows[row + RTCP_LINE] != 0 || port == end) {
            return;
        }
        int portEnd = Ascii.tokenEnd(buffer, port, end);
        rows[row + RTCP_LINE] = line;
        rows[row + RTCP_PORT] = port;
        rows[row + RTCP_PORT_END] = portEnd;
        rows[row + RTCP_ADDRESS] = 0;
        if (portEnd < end) {
            rtcpAddress(rows, buffer, portEnd, end);
        }
    }

    private void rtcpAddress(int[] rows, byte[] buffer, int portEnd, int end) {
        int netType = Ascii.skipBlanks(buffer, portEnd, end);
        int addressType;
        int addressTypeEnd;
        if (isUsual(buffer, netType, end)) {
            addressType = netType + IP4_AT;
            addressTypeEnd = addressType + IP4_LENGTH;
        } else {
            addressType = Ascii.skipBlanks(buffer, Ascii.tokenEnd(buffer, netType, end), end);
            addressTypeEnd = Ascii.tokenEnd(buffer, addressType, end);
        }
        int address = Ascii.skipBlanks(buffer, addressTypeEnd, end);
        if (address < end) {
            rows[row + RTCP_ADDRESS_TYPE] = addressType;
            rows[row + RTCP_ADDRESS_TYPE_END] = addressTypeEnd;
            rows[row + RTCP_ADDRESS] = address;
            rows[row + RTCP_ADDRESS_END] = Ascii.tokenEnd(buffer, address, end);
        }
    }

    /** RFC 8839 5.1: the foundation, then the component: 1 is RTP, 2 is RTCP. */
    private void candidate(byte[] buffer, int name, int end) {
        int[] rows = index.rows();
        if (rows[row + CANDIDATE_LINE] == 0) {
            rows[row + CANDIDATE_LINE] = line;
            rows[row + CANDIDATE] = name - 2;
        }
        if ((rows[row + FLAGS] & RTCP_CANDIDATE) != 0) {
            return;
        }
        int foundation = Ascii.skipBlanks(buffer, name + Long.BYTES + CANDIDATE_REST.length, end);
        int component = Ascii.skipBlanks(buffer, Ascii.tokenEnd(buffer, foundation, end), end);
        if (Ascii.tokenEnd(buffer, component, end) == component + 1 && buffer[component] == '2') {
            rows[row + FLAGS] |= RTCP_CANDIDATE;
        }
    }

    private void requireComplete(byte[] buffer) {
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
        return syntax("a line of " + length + " bytes, allowed are " + maxLine, start);
    }

    private SdpSyntaxException syntax(String what, int pos) {
        return syntax(what, pos, line);
    }

    private SdpSyntaxException syntax(String what, int pos, int line) {
        return new SdpSyntaxException(what, pos - sdpStart, line);
    }
}

package io.mediaproxy.sdp;

import static io.mediaproxy.sdp.Row.*;

/**
 * Reads the bytes of an SDP in one pass. Handles the lines below and skips all others. Not thread-safe.
 *
 * <pre>
 *   v=0                                          exactly one
 *   m=audio 5012/1 RTP/AVP 0 8                   opens a stream (RFC 8866 5.14)
 *   i=text                                       a c= line belongs after it
 *   c=IN IP4 10.0.0.1                            the first one of each level counts (RFC 8866 5.7)
 *   a=sendrecv | sendonly | recvonly | inactive  in any case, alone on its line; the first one counts
 *   a=rtcp:5013 [IN IP4 10.0.0.1]                RFC 3605
 *   a=candidate: | ice-ufrag: | ice-pwd: | remote-candidates:    RFC 8839
 *   a=alt... | a=sour...                         see {@link Detours}
 * </pre>
 *
 * <p>A line ends with LF, and all CRs before it belong to the line end. Tolerated, as in the module: LF alone, no line
 * end after the last line, tabs and more than one blank between tokens, any order of lines below an {@code m=} line. A
 * direction has nothing after it, not even a blank, as in the module.
 *
 * <p>The cost is linear for any input: each byte is read once to find the line ends, and each handled line once more.
 */
final class SdpScanner {
    // The first two letters of a line, and the first four of an attribute's name; the first letter is the lowest byte.
    private static final int TWO_LETTERS = 0xFFFF;
    private static final int ATTRIBUTE = 'a' | '=' << 8;
    private static final int CONNECTION_DATA = 'c' | '=' << 8;
    private static final int MEDIA_DESCRIPTION = 'm' | '=' << 8;
    private static final int INFORMATION_TEXT = 'i' | '=' << 8;
    private static final int PROTOCOL_VERSION = 'v' | '=' << 8;
    private static final int CAND = 'c' | 'a' << 8 | 'n' << 16 | 'd' << 24;
    private static final int RTCP = 'r' | 't' << 8 | 'c' << 16 | 'p' << 24;
    private static final int ICE = 'i' | 'c' << 8 | 'e' << 16 | '-' << 24;
    private static final int REMO = 'r' | 'e' << 8 | 'm' << 16 | 'o' << 24;
    private static final int SOUR = 's' | 'o' << 8 | 'u' << 16 | 'r' << 24;
    private static final int ALT = 'a' | 'l' << 8 | 't' << 16;
    private static final int THREE_LETTERS = 0xFF_FFFF;

    // The last eight letters of longer names, and the length of the line up to their end. The first four are known
    // before.
    private static final long CANDIDATE_END = Ascii.word("ndidate:");
    private static final long UFRAG_END = Ascii.word("e-ufrag:");
    private static final long PWD_END = Ascii.word("ice-pwd:");
    private static final long REMOTE_CANDIDATES_MIDDLE = Ascii.word("mote-can");
    private static final long REMOTE_CANDIDATES_END = Ascii.word("didates:");
    private static final int CANDIDATE_LENGTH = "a=candidate:".length();
    private static final int UFRAG_LENGTH = "a=ice-ufrag:".length();
    private static final int PWD_LENGTH = "a=ice-pwd:".length();
    private static final int REMOTE_CANDIDATES_LENGTH = "a=remote-candidates:".length();
    private static final int RTCP_LENGTH = "a=rtcp:".length();

    // The first letters of supported transports; a byte that is not ASCII is negative and makes another number.
    private static final int RTP_LETTERS = ('r' << 16) | ('t' << 8) | 'p';
    private static final int UDP_LETTERS = ('u' << 16) | ('d' << 8) | 'p';
    private static final int LOWER_CASE_LETTERS = 0x20_2020;

    /** {@code a=} and a direction, all of which have eight letters. */
    private static final int DIRECTION_LENGTH = 10;
    /** CRs before the LF of a line with a direction. */
    private static final int MAX_CR = 2;

    private static final long[] DIRECTION_WORDS = directionWords();
    /** The bit that distinguishes upper from lower case, in eight ASCII letters. */
    private static final long LOWER_CASE = 0x2020_2020_2020_2020L;

    private final SdpIndex index;
    private final LineFeeds lineFeeds = new LineFeeds();
    private final StreamRules rules;
    private final int maxStreams;
    private final int maxLine;

    /** The row of the current line: the session's, then that of the stream whose m= line was the last one. */
    private int row;
    /** Whether {@link StreamRules} have to look at an address. */
    private boolean oddAddress;

    SdpScanner(SdpIndex index, SdpLimits limits) {
        this.index = index;
        this.rules = new StreamRules(index);
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
        row = 0;
        oddAddress = false;
        lineFeeds.begin(start);
        int line = start;
        while (line < end) {
            line = lines(buffer, line, end, lineFeeds.find(buffer, end));
        }
        requireComplete();
    }

    /**
     * Reads the lines up to the last line feed that was found, and returns the position after it.
     *
     * <p>Separate from the search so that the JIT can keep the variables of each in registers. The choice by a line's
     * first letters is made here, and only each kind of line has its own method, which is small enough to be inlined.
     */
    private int lines(byte[] buffer, int start, int end, int found) {
        int line = start;
        for (int i = 0; i < found; i++) {
            int lineFeed = lineFeeds.get(i);
            int length = lineFeed - line;
            if (length > maxLine) {
                throw lineTooLong(line, lineFeed);
            }
            long head = Ascii.wordBefore(buffer, line, end);
            int type = (int) head & TWO_LETTERS;
            if (type == ATTRIBUTE) { // Most have other names, and cost no call.
                int name = (int) (head >>> (TYPE_LENGTH * Byte.SIZE));
                if (name == CAND) {
                    candidate(buffer, line, lineFeed);
                } else if (name == RTCP) {
                    if ((byte) (head >>> 48) == ':') {
                        rtcp(buffer, line, lineFeed);
                    }
                } else if (name == ICE) {
                    iceCredential(buffer, line, lineFeed);
                } else if (length >= DIRECTION_LENGTH && length <= DIRECTION_LENGTH + MAX_CR) {
                    direction(buffer, line, lineFeed);
                } else if (name == REMO || name == SOUR || (name & THREE_LETTERS) == ALT) {
                    rareAttribute(buffer, line, lineFeed, name);
                }
            } else if (type == CONNECTION_DATA) {
                connection(buffer, line, lineFeed);
            } else if (type == MEDIA_DESCRIPTION) {
                media(buffer, line, lineFeed, Math.min(lineFeed + 1, end));
            } else if (type == INFORMATION_TEXT) {
                information(line, Math.min(lineFeed + 1, end));
            } else if (type == PROTOCOL_VERSION) {
                version(line, Math.min(lineFeed + 1, end));
            }
            line = lineFeed + 1;
        }
        return line;
    }

    private void version(int line, int next) {
        int[] rows = index.rows();
        if ((rows[FLAGS] & VERSION_LINE) != 0) {
            throw syntax("a second v= line: one SDP describes one session", line);
        }
        rows[FLAGS] |= VERSION_LINE;
        rows[INSERT_AT] = next;
    }

    private void information(int line, int next) {
        int[] rows = index.rows();
        // Only directly below m= does i= describe the stream; anywhere else it is out of order and is left there.
        if (row != 0 && rows[row + INSERT_AT] == line && (rows[row + FLAGS] & INFORMATION_LINE) == 0) {
            rows[row + INSERT_AT] = next;
            rows[row + FLAGS] |= INFORMATION_LINE;
        }
    }

    private void media(byte[] buffer, int line, int lineFeed, int next) {
        int end = Ascii.contentEnd(buffer, lineFeed);
        if (index.streamCount() == maxStreams) {
            throw syntax("more than " + maxStreams + " streams", line);
        }
        row = index.openStream();
        int[] rows = index.rows();

        int type = Ascii.skipBlanks(buffer, line + TYPE_LENGTH, end);
        int port = Ascii.skipBlanks(buffer, Ascii.tokenEnd(buffer, type, end), end);
        int portEnd = Ascii.tokenEnd(buffer, port, end);
        int transport = Ascii.skipBlanks(buffer, portEnd, end);
        if (transport == end) {
            throw syntax(
                    "an m= line has a media type, a port and a transport, not " + Ascii.excerpt(buffer, line, end),
                    line);
        }
        rows[row + MEDIA] = line;
        rows[row + PORT_AT] = port;
        rows[row + PORT_END] = portEnd;
        rows[row + PORT] = 0;
        rows[row + INSERT_AT] = next;
        if (isSupported(buffer, transport, end)) {
            rows[row + FLAGS] = SUPPORTED;
            index.countSupported();
            port(rows, buffer, port, portEnd);
        }
    }

    private static boolean isSupported(byte[] buffer, int transport, int end) {
        if (end - transport < 3) {
            return false;
        }
        int letters = (buffer[transport] << 16) | (buffer[transport + 1] << 8) | buffer[transport + 2];
        int lowerCase = letters | LOWER_CASE_LETTERS;
        return lowerCase == RTP_LETTERS || lowerCase == UDP_LETTERS;
    }

    /** A number, followed by "/1" at most: a relay has one pair of ports for a stream. */
    private void port(int[] rows, byte[] buffer, int start, int end) {
        int value = Ascii.port(buffer, start, end);
        if (value < 0) {
            int numberEnd = Ascii.indexOf(buffer, start, end, (byte) '/');
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
            rows[row + PORT_END] = numberEnd;
        }
        rows[row + PORT] = value;
    }

    private SdpSyntaxException badPort(byte[] buffer, int start, int end) {
        return syntax("a port is a number from 0 to 65535, not " + Ascii.excerpt(buffer, start, end), start);
    }

    private void connection(byte[] buffer, int line, int lineFeed) {
        int end = Ascii.contentEnd(buffer, lineFeed);
        int[] rows = index.rows();
        int flags = rows[row + FLAGS];
        if ((flags & (CONNECTION_LINE | ODD_CONNECTION)) != 0) {
            flags |= DETOUR; // Tolerated: more c= lines; the first one with an address counts.
            if ((flags & CONNECTION_LINE) != 0) {
                rows[row + FLAGS] = flags;
                return;
            }
        }
        int netType = line + TYPE_LENGTH;
        int typeEnd = ConnectionAddress.typeEnd(buffer, netType, end);
        int address = Ascii.skipBlanks(buffer, typeEnd, end);
        int addressEnd = Ascii.tokenEnd(buffer, address, end);
        rows[row + CONNECTION] = line;
        rows[row + ADDRESS] = address;
        rows[row + ADDRESS_END] = addressEnd;
        boolean odd = addressEnd - line > StreamRules.MAX_CONNECTION
                || !ConnectionAddress.isUsualType(buffer, netType, end)
                || Ascii.hasSlashOrColon(buffer, address, addressEnd);
        if (odd || address == addressEnd) {
            oddAddress = true;
            flags |= ODD_CONNECTION;
        }
        rows[row + FLAGS] = address < addressEnd ? flags | CONNECTION_LINE : flags;
    }

    private void iceCredential(byte[] buffer, int line, int lineFeed) {
        if (Ascii.endsWith(buffer, line, lineFeed, UFRAG_LENGTH, UFRAG_END)) {
            index.rows()[row + FLAGS] |= ICE_UFRAG;
        } else if (Ascii.endsWith(buffer, line, lineFeed, PWD_LENGTH, PWD_END)) {
            index.rows()[row + FLAGS] |= ICE_PWD;
        }
    }

    private void rareAttribute(byte[] buffer, int line, int lineFeed, int name) {
        if (name != REMO) {
            index.rows()[row + FLAGS] |= DETOUR;
        } else if (Ascii.endsWith(buffer, line, lineFeed, REMOTE_CANDIDATES_LENGTH, REMOTE_CANDIDATES_END)
                && Ascii.word(buffer, line + TYPE_LENGTH + 2) == REMOTE_CANDIDATES_MIDDLE) {
            index.rows()[row + FLAGS] |= REMOTE_CANDIDATES;
        }
    }

    private void direction(byte[] buffer, int line, int lineFeed) {
        int[] rows = index.rows();
        if (Ascii.contentEnd(buffer, lineFeed) - line != DIRECTION_LENGTH || (rows[row + FLAGS] & DIRECTION) != 0) {
            return;
        }
        long word = Ascii.word(buffer, line + TYPE_LENGTH) | LOWER_CASE;
        for (int i = 0; i < DIRECTION_WORDS.length; i++) {
            if (word == DIRECTION_WORDS[i]) {
                rows[row + FLAGS] |= i + 1;
                return;
            }
        }
    }

    /** RFC 3605: a port, perhaps followed by network type, address type and address. */
    private void rtcp(byte[] buffer, int line, int lineFeed) {
        int[] rows = index.rows();
        int end = Ascii.contentEnd(buffer, lineFeed);
        int port = Ascii.skipBlanks(buffer, line + RTCP_LENGTH, end);
        int flags = rows[row + FLAGS];
        if ((flags & RTCP_LINE) != 0 || port == end) {
            return;
        }
        int portEnd = Ascii.tokenEnd(buffer, port, end);
        rows[row + RTCP_PORT] = port;
        rows[row + RTCP_PORT_END] = portEnd;
        int netType = Ascii.skipBlanks(buffer, portEnd, end);
        int address = Ascii.skipBlanks(buffer, ConnectionAddress.typeEnd(buffer, netType, end), end);
        if (address == end) {
            rows[row + FLAGS] = flags | RTCP_LINE;
        } else {
            rows[row + FLAGS] = flags | RTCP_LINE | RTCP_LINE_ADDRESS;
            rows[row + RTCP_ADDRESS] = address;
            rows[row + RTCP_ADDRESS_END] = Ascii.tokenEnd(buffer, address, end);
        }
    }

    /** RFC 8839 5.1: the foundation, then the component: 1 is RTP, 2 is RTCP. */
    private void candidate(byte[] buffer, int line, int lineFeed) {
        int[] rows = index.rows();
        int flags = rows[row + FLAGS];
        if ((flags & RTCP_CANDIDATE) != 0 || !Ascii.endsWith(buffer, line, lineFeed, CANDIDATE_LENGTH, CANDIDATE_END)) {
            return; // Nothing more to find, or another name.
        }
        if ((flags & CANDIDATE_LINE) == 0) {
            flags |= CANDIDATE_LINE;
            rows[row + FLAGS] = flags;
            rows[row + CANDIDATE] = line;
        }
        int end = Ascii.contentEnd(buffer, lineFeed);
        int foundation = Ascii.skipBlanks(buffer, line + CANDIDATE_LENGTH, end);
        int component = Ascii.skipBlanks(buffer, Ascii.tokenEnd(buffer, foundation, end), end);
        if (Ascii.tokenEnd(buffer, component, end) == component + 1 && buffer[component] == '2') {
            rows[row + FLAGS] = flags | RTCP_CANDIDATE;
        }
    }

    private void requireComplete() {
        int[] rows = index.rows();
        if ((rows[FLAGS] & VERSION_LINE) == 0) {
            throw syntax("no v= line: this is not SDP", index.start());
        }
        if (oddAddress || (rows[FLAGS] & CONNECTION_LINE) == 0) {
            rules.apply();
        }
    }

    private SdpSyntaxException lineTooLong(int line, int lineFeed) {
        return syntax("a line of " + (lineFeed - line) + " bytes, allowed are " + maxLine, line);
    }

    private SdpSyntaxException syntax(String what, int pos) {
        return SdpSyntaxException.at(index, pos, what);
    }
}

package io.mediaproxy.sdp;

import java.util.Arrays;
import java.util.Objects;

/**
 * Where things are in one SDP: filled by one pass over its bytes, as offsets in an {@code int[]}. No object and no
 * {@code String} is made for a line; text is made when it is asked for.
 *
 * <p>An index is reusable: {@link #parse} forgets what was there before, and allocates only when a body has more streams
 * than any before it. It keeps a reference to the array it was given, reads it on demand and never writes into it; the
 * array has to stay as it is while the index is in use. Not safe for use by more than one thread at a time.
 *
 * <p>Streams are numbered from 0 in the order of their {@code m=} lines. A stream is <em>supported</em> when the relay can
 * carry it: its transport begins with {@code RTP} or {@code udp}, in any case, as in the module. Only supported streams
 * have to be well-formed; what the relay does not carry is none of its business.
 */
public final class SdpIndex {
    /*
     * One row of ints for the session level and one for each stream: row 0 is the session, row i + 1 is stream i. Offsets
     * are absolute in the array. A row holds only what a rewrite needs; line numbers, types and transports are found again
     * when somebody asks.
     */
    static final int ROW_SHIFT = 4;

    /** What the row has, as bits. Most other columns mean nothing without their bit, so this is all there is to clear. */
    static final int FLAGS = 0;

    /** The beginning of the m= line; the session has none. */
    static final int MEDIA = 1;
    /** The digits of the port, without a "/1" behind them. */
    static final int PORT_AT = 2;

    static final int PORT_END = 3;
    static final int PORT = 4;

    /** Where an added c= line belongs: behind m= and, if there is one, i= (RFC 8866 5). The session has the end of v=. */
    static final int INSERT_AT = 5;

    /** The beginning of the c= line. */
    static final int CONNECTION = 6;

    static final int ADDRESS = 7;
    static final int ADDRESS_END = 8;

    static final int RTCP_PORT = 9;
    static final int RTCP_PORT_END = 10;
    static final int RTCP_ADDRESS = 11;
    static final int RTCP_ADDRESS_END = 12;

    /** The beginning of the first candidate's line. */
    static final int CANDIDATE = 13;

    /** The lowest bits: an index into {@link #DIRECTIONS} plus one, or 0. */
    static final int DIRECTION = 7;

    static final int SUPPORTED = 1 << 3;
    static final int VERSION_LINE = 1 << 4;
    static final int INFORMATION_LINE = 1 << 5;
    static final int CONNECTION_LINE = 1 << 6;
    static final int RTCP_LINE = 1 << 7;
    static final int RTCP_LINE_ADDRESS = 1 << 8;
    static final int CANDIDATE_LINE = 1 << 9;
    static final int RTCP_CANDIDATE = 1 << 10;
    static final int ICE_UFRAG = 1 << 11;
    static final int ICE_PWD = 1 << 12;

    private static final int ICE_CREDENTIALS = ICE_UFRAG | ICE_PWD;
    /** A line's type and "=". */
    static final int TYPE_LENGTH = 2;

    /** Network and address type as they mostly are. */
    static final String USUAL_TYPE = "IN IP4";

    private static final long USUAL_TYPE_WORD = Ascii.word(USUAL_TYPE + " \0");
    private static final long SEVEN_LETTERS = 0xFF_FFFF_FFFF_FFFFL;

    private static final int FIRST_ROWS = 5;

    /** RFC 8866 6.7. */
    static final String[] DIRECTIONS = {"sendrecv", "sendonly", "recvonly", "inactive"};

    /** RFC 3264 5.1: a stream with port 0 is disabled, and its address means nothing. */
    private static final String NO_ADDRESS = "0.0.0.0";

    private final SdpLimits limits;
    private final SdpScanner scanner;

    private byte[] buffer = {};
    private int bodyStart;
    private int bodyEnd;
    private int start;
    private int end;
    private int[] rows = new int[FIRST_ROWS << ROW_SHIFT];
    private int streams;
    private int supported;
    private boolean remoteCandidates;

    public SdpIndex() {
        this(SdpLimits.DEFAULT);
    }

    public SdpIndex(SdpLimits limits) {
        this.limits = limits;
        this.scanner = new SdpScanner(this, limits);
    }

    /**
     * Reads the SDP that fills the range.
     *
     * @param buffer stays the caller's; it is not written into
     * @throws SdpSyntaxException if a relay cannot be put into this SDP; the index is then empty
     * @throws IndexOutOfBoundsException if the range is not inside the array
     */
    public void parse(byte[] buffer, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        parse(buffer, offset, offset + length, offset, offset + length);
    }

    /**
     * Reads the SDP part of a body. Edits planned on this index are edits of the whole body.
     *
     * @throws IllegalArgumentException if there is no SDP in this body
     * @throws SdpSyntaxException if a relay cannot be put into this SDP; the index is then empty
     */
    public void parse(SdpBody body) {
        if (!body.isPresent()) {
            throw new IllegalArgumentException("there is no SDP to read: " + body.reason());
        }
        parse(body.buffer(), body.start(), body.end(), body.sdpStart(), body.sdpEnd());
    }

    private void parse(byte[] buffer, int bodyStart, int bodyEnd, int start, int end) {
        this.buffer = buffer;
        this.bodyStart = bodyStart;
        this.bodyEnd = bodyEnd;
        this.start = start;
        this.end = end;
        clear();
        if (bodyEnd - bodyStart > limits.bodyBytes()) {
            throw new SdpSyntaxException(
                    "the body has " + (bodyEnd - bodyStart) + " bytes, allowed are " + limits.bodyBytes(), 0, 1);
        }
        boolean complete = false;
        try {
            scanner.scan(buffer, start, end);
            complete = true;
        } finally {
            if (!complete) {
                clear();
            }
        }
    }

    private void clear() {
        streams = 0;
        supported = 0;
        remoteCandidates = false;
        rows[FLAGS] = 0;
    }

    /** The number of {@code m=} lines. */
    public int streamCount() {
        return streams;
    }

    /** The number of streams that the relay can carry. */
    public int supportedCount() {
        return supported;
    }

    public boolean isSupported(int stream) {
        return (rows[row(stream) + FLAGS] & SUPPORTED) != 0;
    }

    /** The line number of the stream's {@code m=} line, counted from 1. */
    public int line(int stream) {
        return Ascii.lineNumber(buffer, start, rows[row(stream) + MEDIA]);
    }

    /** The media type, such as {@code audio}. */
    public String type(int stream) {
        int row = row(stream);
        int type = typeAt(buffer, rows[row + MEDIA]);
        return Ascii.string(buffer, type, Ascii.tokenEnd(buffer, type, rows[row + PORT_AT]));
    }

    /** The port of a supported stream; 0: the stream is disabled (RFC 3264 5.1). */
    public int port(int stream) {
        return rows[row(stream) + PORT];
    }

    /** The transport, such as {@code RTP/AVP}. */
    public String transport(int stream) {
        int port = rows[row(stream) + PORT_AT];
        int lineEnd = Ascii.contentEnd(buffer, Ascii.lineFeed(buffer, port, end));
        int transport = Ascii.skipBlanks(buffer, Ascii.tokenEnd(buffer, port, lineEnd), lineEnd);
        return Ascii.string(buffer, transport, Ascii.tokenEnd(buffer, transport, lineEnd));
    }

    /**
     * The connection address that holds for a supported stream, its own or the session's: an IPv4 or IPv6 literal or a host
     * name; {@code 0.0.0.0} for a disabled stream where neither gives one.
     */
    public String address(int stream) {
        int row = connectionRow(stream);
        return (rows[row + FLAGS] & CONNECTION_LINE) == 0
                ? NO_ADDRESS
                : Ascii.string(buffer, rows[row + ADDRESS], rows[row + ADDRESS_END]);
    }

    /** {@code IP4} or {@code IP6}, or what else stands there; {@code IP4} where {@link #address} is not from the SDP. */
    public String addressType(int stream) {
        int row = connectionRow(stream);
        if ((rows[row + FLAGS] & CONNECTION_LINE) == 0) {
            return "IP4";
        }
        int addressEnd = rows[row + ADDRESS_END];
        int addressType = addressType(buffer, rows[row + CONNECTION] + TYPE_LENGTH, addressEnd);
        return Ascii.string(buffer, addressType, Ascii.tokenEnd(buffer, addressType, addressEnd));
    }

    /** The line that {@link #address} is from, counted from 1; 0: from none. */
    public int addressLine(int stream) {
        int row = connectionRow(stream);
        return (rows[row + FLAGS] & CONNECTION_LINE) == 0 ? 0 : Ascii.lineNumber(buffer, start, rows[row + CONNECTION]);
    }

    /** The port of {@code a=rtcp} (RFC 3605), or -1 where the stream has none or it is not a number. */
    public int rtcpPort(int stream) {
        int row = row(stream);
        return (rows[row + FLAGS] & RTCP_LINE) == 0
                ? -1
                : Ascii.port(buffer, rows[row + RTCP_PORT], rows[row + RTCP_PORT_END]);
    }

    /** The direction in lower case, whatever case the SDP has: the stream's own, else the session's, else {@code sendrecv}. */
    public String direction(int stream) {
        int own = rows[row(stream) + FLAGS] & DIRECTION;
        int direction = own != 0 ? own : rows[FLAGS] & DIRECTION;
        return DIRECTIONS[Math.max(direction - 1, 0)];
    }

    /** Whether the stream offers ICE (RFC 8839): credentials at either level, and a candidate. */
    public boolean hasIce(int stream) {
        return hasIce(rows[row(stream) + FLAGS], rows[FLAGS]);
    }

    static boolean hasIce(int stream, int session) {
        return (stream & CANDIDATE_LINE) != 0 && (hasCredentials(stream) || hasCredentials(session));
    }

    private static boolean hasCredentials(int flags) {
        return (flags & ICE_CREDENTIALS) == ICE_CREDENTIALS;
    }

    /** Whether ICE has ended: {@code a=remote-candidates} at any level (RFC 8839 5.2). */
    public boolean hasRemoteCandidates() {
        return remoteCandidates;
    }

    private int connectionRow(int stream) {
        int row = row(stream);
        return (rows[row + FLAGS] & CONNECTION_LINE) != 0 ? row : 0;
    }

    /** Where the media type of an m= line begins. */
    static int typeAt(byte[] buffer, int line) {
        int pos = line + TYPE_LENGTH;
        while (Ascii.isBlank(buffer[pos])) { // Up to the type, which every m= line here has.
            pos++;
        }
        return pos;
    }

    /** Whether network and address type have their usual spelling, told by one comparison. */
    static boolean isUsualType(byte[] buffer, int netType, int end) {
        return end - netType > Long.BYTES && (Ascii.word(buffer, netType) & SEVEN_LETTERS) == USUAL_TYPE_WORD;
    }

    /** Where the address type begins, behind a network type that begins at {@code start} or later. */
    static int addressType(byte[] buffer, int start, int end) {
        int netType = Ascii.skipBlanks(buffer, start, end);
        return Ascii.skipBlanks(buffer, Ascii.tokenEnd(buffer, netType, end), end);
    }

    private int row(int stream) {
        Objects.checkIndex(stream, streams);
        return (stream + 1) << ROW_SHIFT;
    }

    // What the scanner writes and the rewriter reads.

    byte[] buffer() {
        return buffer;
    }

    int bodyStart() {
        return bodyStart;
    }

    int bodyEnd() {
        return bodyEnd;
    }

    int start() {
        return start;
    }

    /** Where the line behind that of {@code pos} begins, or the end. */
    int nextLine(int pos) {
        return Math.min(Ascii.lineFeed(buffer, pos, end) + 1, end);
    }

    int[] rows() {
        return rows;
    }

    /** Opens the row of the next stream, which is empty. The array of {@link #rows()} may be another one afterwards. */
    int openStream() {
        streams++;
        int row = streams << ROW_SHIFT;
        if (row == rows.length) {
            rows = Arrays.copyOf(rows, Math.min(2 * rows.length, (limits.streams() + 1) << ROW_SHIFT));
        } else {
            rows[row + FLAGS] = 0;
        }
        return row;
    }

    void countSupported() {
        supported++;
    }

    void noteRemoteCandidates() {
        remoteCandidates = true;
    }
}

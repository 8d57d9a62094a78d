package io.mediaproxy.sdp;

import static io.mediaproxy.sdp.Row.*;

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
    private static final int FIRST_ROWS = 5;

    private static final String NO_ADDRESS = "0.0.0.0";

    /**
     * The address of a stream that a relay is to take for disabled. No live stream can have it. Any other could belong to
     * one, which the relay would then close; even {@code 0.0.0.0}, on hold as phones did it before RFC 3264.
     */
    private static final String PLACEHOLDER = "0.0.0.1";

    private final SdpLimits limits;
    private final SdpScanner scanner;

    private byte[] buffer = {};
    private int bodyStart;
    private int bodyEnd;
    private int start;
    private int end;
    private int[] rows = new int[FIRST_ROWS << SHIFT];
    private int streams;
    private int supported;
    private int leftAlone;
    private final BundleGroups bundles = new BundleGroups(this);

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
        leftAlone = 0;
        bundles.clear();
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
        int addressType = ConnectionAddress.type(buffer, rows[row + CONNECTION] + TYPE_LENGTH, addressEnd);
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

    /**
     * Whether the stream offers ICE (RFC 8839): it has credentials, at either level, or shares a BUNDLE group with a stream
     * that has. Candidates may come later (RFC 8840).
     */
    public boolean hasIce(int stream) {
        int flags = rows[row(stream) + FLAGS];
        return hasCredentials(flags) || hasCredentials(rows[FLAGS]) || bundles.hasCredentials(stream);
    }

    /** Whether ICE has ended for the stream: {@code a=remote-candidates}, at either level (RFC 8839 5.2). */
    public boolean hasRemoteCandidates(int stream) {
        return ((rows[row(stream) + FLAGS] | rows[FLAGS]) & REMOTE_CANDIDATES) != 0;
    }

    /** Whether a supported stream has a port other than 0 and an IPv6 address, which no relay gets to know. */
    public boolean isIpv6(int stream) {
        return (rows[row(stream) + FLAGS] & IPV6) != 0;
    }

    /**
     * Whether the relay is not put into a stream although it is supported: it is described to the relay, so that streams keep
     * their places, but keeps its address and port. That is so for a live stream with an IPv6 address, and for one that
     * {@link #leaveAlone} names.
     */
    public boolean isLeftAlone(int stream) {
        return (rows[row(stream) + FLAGS] & LEFT_ALONE) != 0;
    }

    /** Has a supported stream keep its address and port. */
    public void leaveAlone(int stream) {
        leaveAlone(row(stream), EXCLUDED);
    }

    /** The same for a row, with its reason. */
    void leaveAlone(int row, int reason) {
        int flags = rows[row + FLAGS];
        if ((flags & SUPPORTED) != 0) {
            leftAlone += (flags & LEFT_ALONE) == 0 ? 1 : 0;
            rows[row + FLAGS] = flags | reason;
        }
    }

    /** The number of streams that the relay is put into, disabled ones among them. */
    int relayedCount() {
        return supported - leftAlone;
    }

    /**
     * The address that describes a supported stream to a relay: an IPv4 literal, {@code 0.0.0.1} if the stream is disabled or
     * has an IPv6 address, or a host name.
     */
    public String mediaAddress(int stream) {
        if (mediaPort(stream) == 0) {
            return PLACEHOLDER;
        }
        int connection = connectionRow(stream);
        long ipv4 = ConnectionAddress.ipv4(buffer, rows[connection + ADDRESS], rows[connection + ADDRESS_END]);
        return ipv4 == ConnectionAddress.NOT_IPV4 ? address(stream) : ConnectionAddress.text(ipv4);
    }

    /** The port that describes a supported stream to a relay; 0 if the stream is disabled or has an IPv6 address. */
    public int mediaPort(int stream) {
        int row = row(stream);
        return (rows[row + FLAGS] & IPV6) != 0 ? 0 : rows[row + PORT];
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

    private int row(int stream) {
        Objects.checkIndex(stream, streams);
        return Row.of(stream);
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

    /** Where the lines of a stream begin, its m= line first, or those of the {@link #SESSION}. */
    int sectionStart(int stream) {
        return stream == SESSION ? start : rows[row(stream) + MEDIA];
    }

    int sectionEnd(int stream) {
        return stream + 1 < streams ? rows[row(stream + 1) + MEDIA] : end;
    }

    /** Where the content of a line that is not empty ends. */
    int contentEnd(int line) {
        return Ascii.contentEnd(buffer, Ascii.lineFeed(buffer, line, end));
    }

    BundleGroups bundles() {
        return bundles;
    }

    SdpLimits limits() {
        return limits;
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
        int row = streams << SHIFT;
        if (row == rows.length) {
            rows = Arrays.copyOf(rows, Math.min(2 * rows.length, (limits.streams() + 1) << SHIFT));
        } else {
            rows[row + FLAGS] = 0;
        }
        return row;
    }

    void countSupported() {
        supported++;
    }
}

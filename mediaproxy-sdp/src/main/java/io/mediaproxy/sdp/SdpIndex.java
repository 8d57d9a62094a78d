package io.mediaproxy.sdp;

import static io.mediaproxy.sdp.Row.*;

import java.util.Arrays;
import java.util.Objects;

/**
 * The positions of everything in one SDP that a rewrite needs: filled by one pass over its bytes, as offsets in an
 * {@code int[]}. The pass makes no object and no {@code String} for a line; the methods below make text on demand.
 *
 * <p>Reusable: {@link #parse} replaces the previous content, and allocates only if a body has more streams than any
 * before it. An index keeps a reference to the array it was given, reads it on demand and never writes into it. The
 * array must not change while the index is in use. Not thread-safe.
 *
 * <p>Streams are numbered from 0 in the order of their {@code m=} lines. A stream is <em>supported</em> if the relay
 * can carry it: its transport begins with {@code RTP} or {@code udp}, in any case, as in the module. Streams that the
 * relay does not carry are not validated, and neither are the addresses of disabled streams.
 *
 * <p>Methods that take a stream throw {@link IndexOutOfBoundsException} if there is no such stream.
 */
public final class SdpIndex {
    private static final int FIRST_ROWS = 5;

    /**
     * The address that describes a disabled stream. No live stream can have it, so that the relay closes no other one;
     * {@code 0.0.0.0} could be that of a stream on hold (RFC 3264 8.4).
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

    /** Makes an empty index with the default limits. */
    public SdpIndex() {
        this(SdpLimits.DEFAULT);
    }

    /**
     * Makes an empty index.
     *
     * @param limits for each SDP
     */
    public SdpIndex(SdpLimits limits) {
        this.limits = limits;
        this.scanner = new SdpScanner(this, limits);
    }

    /**
     * Reads the SDP that fills the range.
     *
     * @param buffer stays the caller's; it is not written into
     * @param offset where the SDP begins in the array
     * @param length the SDP's length in bytes
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
     * @param body a body with SDP
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
        try {
            scanner.scan(buffer, start, end);
        } catch (RuntimeException e) {
            clear();
            throw e;
        }
    }

    private void clear() {
        streams = 0;
        supported = 0;
        leftAlone = 0;
        bundles.clear();
        rows[FLAGS] = 0;
    }

    /**
     * Counts the {@code m=} lines.
     *
     * @return the number of streams
     */
    public int streamCount() {
        return streams;
    }

    /**
     * Counts the streams that the relay can carry by their transport.
     *
     * @return the number of supported streams
     */
    public int supportedCount() {
        return supported;
    }

    /**
     * Whether the relay can carry a stream by its transport.
     *
     * @param stream from 0
     * @return true if it is supported
     */
    public boolean isSupported(int stream) {
        return (rows[row(stream) + FLAGS] & SUPPORTED) != 0;
    }

    /** The line number of the stream's {@code m=} line, from 1. */
    int line(int stream) {
        return Ascii.lineNumber(buffer, start, rows[row(stream) + MEDIA]);
    }

    /**
     * Returns the media type.
     *
     * @param stream from 0
     * @return a word such as {@code audio}
     */
    public String type(int stream) {
        int row = row(stream);
        int type = Ascii.skipBlanks(buffer, rows[row + MEDIA] + TYPE_LENGTH, end);
        return Ascii.string(buffer, type, Ascii.tokenEnd(buffer, type, rows[row + PORT_AT]));
    }

    /**
     * Returns the port of a supported stream.
     *
     * @param stream from 0
     * @return the port; 0 if the stream is disabled (RFC 3264 5.1)
     */
    public int port(int stream) {
        return rows[row(stream) + PORT];
    }

    /** The transport, such as {@code RTP/AVP}. */
    String transport(int stream) {
        int port = rows[row(stream) + PORT_AT];
        int lineEnd = Ascii.contentEnd(buffer, Ascii.lineFeed(buffer, port, end));
        int transport = Ascii.skipBlanks(buffer, Ascii.tokenEnd(buffer, port, lineEnd), lineEnd);
        return Ascii.string(buffer, transport, Ascii.tokenEnd(buffer, transport, lineEnd));
    }

    /**
     * Returns the connection address of a supported stream, its own or else the session's.
     *
     * @param stream from 0
     * @return an IPv4 or IPv6 literal or a host name, as it is in the SDP; {@code 0.0.0.0} if there is none
     */
    public String address(int stream) {
        int row = connectionRow(stream);
        return (rows[row + FLAGS] & CONNECTION_LINE) == 0
                ? "0.0.0.0"
                : Ascii.string(buffer, rows[row + ADDRESS], rows[row + ADDRESS_END]);
    }

    /** The type of the {@link #address} as it is in the SDP; {@code IP4} if there is none. */
    String addressType(int stream) {
        int row = connectionRow(stream);
        if ((rows[row + FLAGS] & CONNECTION_LINE) == 0) {
            return "IP4";
        }
        int addressEnd = rows[row + ADDRESS_END];
        int addressType = ConnectionAddress.type(buffer, rows[row + CONNECTION] + TYPE_LENGTH, addressEnd);
        return Ascii.string(buffer, addressType, Ascii.tokenEnd(buffer, addressType, addressEnd));
    }

    /**
     * Returns the position of the {@link #address}.
     *
     * @param stream from 0
     * @return the line number, from 1; 0 if there is no address
     */
    public int addressLine(int stream) {
        int row = connectionRow(stream);
        return (rows[row + FLAGS] & CONNECTION_LINE) == 0 ? 0 : Ascii.lineNumber(buffer, start, rows[row + CONNECTION]);
    }

    /** The port of {@code a=rtcp} (RFC 3605), or -1 if there is none or it is not a number. */
    int rtcpPort(int stream) {
        int row = row(stream);
        return (rows[row + FLAGS] & RTCP_LINE) == 0
                ? -1
                : Ascii.port(buffer, rows[row + RTCP_PORT], rows[row + RTCP_PORT_END]);
    }

    /**
     * Returns the direction: the stream's own, else the session's, else {@code sendrecv}.
     *
     * @param stream from 0
     * @return the direction in lower case, in whatever case it is in the SDP
     */
    public String direction(int stream) {
        int own = rows[row(stream) + FLAGS] & DIRECTION;
        int direction = own != 0 ? own : rows[FLAGS] & DIRECTION;
        return DIRECTIONS[Math.max(direction - 1, 0)];
    }

    /**
     * Whether the stream offers ICE (RFC 8839): it has credentials, at either level, or shares a BUNDLE group with a
     * stream that has. Candidates may come later (RFC 8840).
     *
     * @param stream from 0
     * @return true if it offers ICE
     */
    public boolean hasIce(int stream) {
        int flags = rows[row(stream) + FLAGS];
        return hasCredentials(flags) || hasCredentials(rows[FLAGS]) || bundles.hasCredentials(stream);
    }

    /**
     * Whether ICE has ended for the stream: {@code a=remote-candidates}, at either level (RFC 8839 5.2).
     *
     * @param stream from 0
     * @return true if ICE has ended
     */
    public boolean hasRemoteCandidates(int stream) {
        return ((rows[row(stream) + FLAGS] | rows[FLAGS]) & REMOTE_CANDIDATES) != 0;
    }

    /**
     * Whether a supported stream has a port other than 0 and an IPv6 address, which is never sent to a relay.
     *
     * @param stream from 0
     * @return true if it is a live IPv6 stream
     */
    public boolean isIpv6(int stream) {
        return (rows[row(stream) + FLAGS] & IPV6) != 0;
    }

    /**
     * Whether a supported stream keeps its address and port: a live IPv6 stream, and one that {@link #leaveAlone} was
     * called for. It is still described to the relay, so that the other streams keep their places.
     *
     * @param stream from 0
     * @return true if the relay is not put into the stream
     */
    public boolean isLeftAlone(int stream) {
        return (rows[row(stream) + FLAGS] & LEFT_ALONE) != 0;
    }

    /**
     * Makes a supported stream keep its address and port; no effect on any other. Valid until the next {@link #parse}.
     *
     * @param stream from 0
     */
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
     * Returns the address that describes a supported stream to a relay.
     *
     * @param stream from 0
     * @return an IPv4 literal in its usual form, or a host name; {@code 0.0.0.1} if the stream is disabled or live IPv6
     */
    public String mediaAddress(int stream) {
        if (mediaPort(stream) == 0) {
            return PLACEHOLDER;
        }
        int connection = connectionRow(stream);
        long ipv4 = ConnectionAddress.ipv4(buffer, rows[connection + ADDRESS], rows[connection + ADDRESS_END]);
        return ipv4 == ConnectionAddress.NOT_IPV4 ? address(stream) : ConnectionAddress.text(ipv4);
    }

    /**
     * Returns the port that describes a supported stream to a relay.
     *
     * @param stream from 0
     * @return the port; 0 if the stream is disabled or live IPv6
     */
    public int mediaPort(int stream) {
        int row = row(stream);
        return (rows[row + FLAGS] & IPV6) != 0 ? 0 : rows[row + PORT];
    }

    private int connectionRow(int stream) {
        int row = row(stream);
        return (rows[row + FLAGS] & CONNECTION_LINE) != 0 ? row : 0;
    }

    private int row(int stream) {
        Objects.checkIndex(stream, streams);
        return Row.of(stream);
    }

    // Written by the scanner and read by the rewriter.

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

    /** Where the lines of a stream begin, its m= line first, or those of the {@link Row#SESSION}. */
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

    /** Where the line after that of {@code pos} begins, or the end. */
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

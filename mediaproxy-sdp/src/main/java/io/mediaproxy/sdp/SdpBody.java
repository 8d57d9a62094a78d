package io.mediaproxy.sdp;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds the SDP in the body of a SIP message: the whole body of {@code application/sdp}, or one part of a
 * {@code multipart/mixed}, {@code /alternative} or {@code /related} body (RFC 2046 5.1), also in a multipart that is a
 * part of another. A body without a Content-Type is taken for SDP, as in the module. SDP that does not describe the
 * session, such as that of an early session (RFC 3959), is left alone.
 *
 * <p>Immutable; it keeps a reference to the array, which stays the caller's and is not written into. Thread-safe.
 */
public final class SdpBody {
    private static final String SDP = "application/sdp";

    /** A body without a Content-Type is taken for SDP, as in the module. */
    private static final ContentType SDP_TYPE = new ContentType(SDP, null);

    /** Whether a body has SDP. */
    private enum State {
        PRESENT,
        ABSENT,
        UNREADABLE
    }

    private final State state;
    private final byte[] buffer;
    private final int start;
    private final int end;
    private final int sdpStart;
    private final int sdpEnd;
    private final String reason;

    private SdpBody(State state, byte[] buffer, int start, int end, int sdpStart, int sdpEnd, String reason) {
        this.state = state;
        this.buffer = buffer;
        this.start = start;
        this.end = end;
        this.sdpStart = sdpStart;
        this.sdpEnd = sdpEnd;
        this.reason = reason;
    }

    /**
     * Looks for the SDP in a body of which only the type is known, with the default limits.
     *
     * @param contentType the value of the Content-Type header field, or null if the message has none
     * @param buffer stays the caller's; it is not written into
     * @param offset where the body begins in the array
     * @param length the body's length in bytes
     * @return the place of the SDP, or the reason why there is none
     * @throws IndexOutOfBoundsException if the range is not inside the array
     */
    @SuppressWarnings("exports") // The annotation is for compilers; modules of users need not have it.
    public static SdpBody find(@Nullable String contentType, byte[] buffer, int offset, int length) {
        return find(BodyHeaders.ofType(contentType), buffer, offset, length, SdpLimits.DEFAULT);
    }

    /**
     * Looks for the SDP in a body. A body that is larger than the limits allow is not searched.
     *
     * @param headers the header fields that describe the body
     * @param buffer stays the caller's; it is not written into
     * @param offset where the body begins in the array
     * @param length the body's length in bytes
     * @param limits for the size of the body
     * @return the place of the SDP, or the reason why there is none
     * @throws IndexOutOfBoundsException if the range is not inside the array
     */
    public static SdpBody find(BodyHeaders headers, byte[] buffer, int offset, int length, SdpLimits limits) {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        int end = offset + length;
        if (length == 0) {
            return absent(buffer, offset, end, "the message has no body");
        }
        ContentType type = headers.contentType() == null ? SDP_TYPE : ContentType.parse(headers.contentType());
        boolean sdp = type.is(SDP);
        if (!sdp && !type.isMultipart()) {
            return absent(buffer, offset, end, "the body is " + type + ", not " + SDP);
        }
        if (sdp && !headers.isOfSession()) { // The parts of a multipart have dispositions of their own.
            return absent(buffer, offset, end, "the body has Content-Disposition " + headers.contentDisposition());
        }
        if (!headers.isIdentity()) {
            return unreadable(buffer, offset, end, "the body has Content-Encoding " + headers.contentEncoding());
        }
        if (length > limits.bodyBytes()) {
            return unreadable(
                    buffer, offset, end, "the body has " + length + " bytes, allowed are " + limits.bodyBytes());
        }
        return sdp ? present(buffer, offset, end, offset, end) : inMultipart(type, buffer, offset, end);
    }

    private static SdpBody inMultipart(ContentType type, byte[] buffer, int start, int end) {
        Multipart.Part part = Multipart.find(type, SDP, buffer, start, end);
        if (part.isPresent()) {
            return present(buffer, start, end, part.start(), part.end());
        }
        return part.isReadable()
                ? absent(buffer, start, end, part.reason())
                : unreadable(buffer, start, end, part.reason());
    }

    private static SdpBody present(byte[] buffer, int start, int end, int sdpStart, int sdpEnd) {
        return new SdpBody(State.PRESENT, buffer, start, end, sdpStart, sdpEnd, "");
    }

    private static SdpBody absent(byte[] buffer, int start, int end, String reason) {
        return new SdpBody(State.ABSENT, buffer, start, end, -1, -1, reason);
    }

    private static SdpBody unreadable(byte[] buffer, int start, int end, String reason) {
        return new SdpBody(State.UNREADABLE, buffer, start, end, -1, -1, reason);
    }

    /**
     * Whether there is SDP.
     *
     * @return true if {@link SdpIndex#parse(SdpBody)} can read it
     */
    public boolean isPresent() {
        return state == State.PRESENT;
    }

    /**
     * Whether the message has no SDP of its session: no body, one of another type or disposition, or a multipart
     * without such a part. A body that may have SDP, but is too large, encoded, or without a usable boundary, is
     * neither present nor absent.
     *
     * @return true if the message is neither an offer nor an answer
     */
    public boolean isAbsent() {
        return state == State.ABSENT;
    }

    /**
     * Whether there is no body at all, which is no error in most messages.
     *
     * @return true if the body has no byte
     */
    public boolean isEmpty() {
        return start == end;
    }

    /**
     * Why there is no SDP, in words for a log.
     *
     * @return the reason; empty if there is SDP
     */
    public String reason() {
        return reason;
    }

    /**
     * Where the SDP begins.
     *
     * @return the first byte's place in the array, or -1
     */
    public int sdpOffset() {
        return sdpStart;
    }

    /**
     * How long the SDP is.
     *
     * @return the length in bytes, or 0
     */
    public int sdpLength() {
        return sdpEnd - sdpStart;
    }

    byte[] buffer() {
        return buffer;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    int sdpStart() {
        return sdpStart;
    }

    int sdpEnd() {
        return sdpEnd;
    }

    @Override
    public String toString() {
        return isPresent() ? "SDP of " + sdpLength() + " bytes at " + sdpStart : reason;
    }
}

package io.mediaproxy.sdp;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where the SDP is in the body of a SIP message: the whole body of {@code application/sdp}, or one part of a
 * {@code multipart/mixed}, {@code /alternative} or {@code /related} body (RFC 2046 5.1), also one multipart deep inside
 * another. A body without a Content-Type is taken for SDP, as in the module.
 *
 * <p>Immutable; it keeps a reference to the array, which stays the caller's and is not written into.
 */
public final class SdpBody {
    private static final String SDP = "application/sdp";

    private final byte[] buffer;
    private final int start;
    private final int end;
    private final int sdpStart;
    private final int sdpEnd;
    private final String reason;

    private SdpBody(byte[] buffer, int start, int end, int sdpStart, int sdpEnd, String reason) {
        this.buffer = buffer;
        this.start = start;
        this.end = end;
        this.sdpStart = sdpStart;
        this.sdpEnd = sdpEnd;
        this.reason = reason;
    }

    /** {@link #find(String, byte[], int, int, SdpLimits)} with the default limits. */
    public static SdpBody find(@Nullable String contentType, byte[] buffer, int offset, int length) {
        return find(contentType, buffer, offset, length, SdpLimits.DEFAULT);
    }

    /**
     * Looks for the SDP in a body. In one that is larger than the limits allow nothing is looked for.
     *
     * @param contentType the value of the Content-Type header field, or null where the message has none
     * @param buffer stays the caller's; it is not written into
     * @throws IndexOutOfBoundsException if the range is not inside the array
     */
    public static SdpBody find(@Nullable String contentType, byte[] buffer, int offset, int length, SdpLimits limits) {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        int end = offset + length;
        if (length == 0) {
            return absent(buffer, offset, end, "the message has no body");
        }
        if (length > limits.bodyBytes()) {
            return absent(buffer, offset, end, "the body has " + length + " bytes, allowed are " + limits.bodyBytes());
        }
        if (contentType == null) {
            return new SdpBody(buffer, offset, end, offset, end, "");
        }
        ContentType type = ContentType.parse(contentType);
        if (type.is(SDP)) {
            return new SdpBody(buffer, offset, end, offset, end, "");
        }
        if (!type.isMultipart()) {
            return absent(buffer, offset, end, "the body is " + type + ", not " + SDP);
        }
        Multipart.Part sdp = Multipart.find(type, SDP, buffer, offset, end);
        return sdp.isPresent()
                ? new SdpBody(buffer, offset, end, sdp.start(), sdp.end(), "")
                : absent(buffer, offset, end, sdp.reason());
    }

    private static SdpBody absent(byte[] buffer, int start, int end, String reason) {
        return new SdpBody(buffer, start, end, -1, -1, reason);
    }

    /** Whether there is SDP. */
    public boolean isPresent() {
        return sdpStart >= 0;
    }

    /** Whether there is no body at all, which is no error in most messages. */
    public boolean isEmpty() {
        return start == end;
    }

    /** Why there is no SDP, for people; empty where there is. */
    public String reason() {
        return reason;
    }

    /** The SDP's first byte in the array, or -1. */
    public int sdpOffset() {
        return sdpStart;
    }

    /** The SDP's length in bytes, or 0. */
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

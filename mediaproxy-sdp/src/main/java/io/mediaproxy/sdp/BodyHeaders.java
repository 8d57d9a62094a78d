package io.mediaproxy.sdp;

import org.jspecify.annotations.Nullable;

/**
 * The header fields of a SIP message that describe its body. Immutable. Thread-safe.
 *
 * @param contentType the value of Content-Type, or null if the message has none
 * @param contentDisposition the value of Content-Disposition, or null if the message has none
 * @param contentEncoding the value of Content-Encoding, or null if the message has none
 */
@SuppressWarnings("exports") // The annotations are for compilers; modules of users need not have them.
public record BodyHeaders(
        @Nullable String contentType,
        @Nullable String contentDisposition,
        @Nullable String contentEncoding) {
    private static final String SESSION = "session";
    private static final String IDENTITY = "identity";

    /**
     * Header fields of a body with a type only.
     *
     * @param contentType the value of Content-Type, or null if the message has none
     * @return the header fields
     */
    public static BodyHeaders ofType(@Nullable String contentType) {
        return new BodyHeaders(contentType, null, null);
    }

    /** Whether the body describes the session, as SDP does by default (RFC 3261 20.11). */
    boolean isOfSession() {
        return contentDisposition == null || FirstToken.of(contentDisposition).equals(SESSION);
    }

    /** Whether the body's bytes are as their type says (RFC 3261 20.12). */
    boolean isIdentity() {
        return contentEncoding == null
                || contentEncoding.isBlank()
                || FirstToken.of(contentEncoding).equals(IDENTITY);
    }
}

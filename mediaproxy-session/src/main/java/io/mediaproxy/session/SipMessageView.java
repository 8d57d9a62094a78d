package io.mediaproxy.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What has to be known of one SIP message, read-only: the small interface between a SIP stack and {@link MediaProxy}.
 *
 * <p>It is read on the thread that calls {@link MediaProxy}, before the call returns; only the body has to stay as it is
 * until the result is there. What it throws ends the call of the function: it becomes the result's failure.
 */
public interface SipMessageView {
    /** Whether this is a request; else it is a reply. */
    boolean isRequest();

    /** The status code of a reply (RFC 3261 7.2), 0 for a request. */
    int statusCode();

    /** The method of a request, or the one in the CSeq of a reply; empty where it cannot be read. */
    String method();

    /**
     * The value of the first header field of a name, unfolded, without the white space around it (RFC 3261 7.3.1).
     *
     * @param name the long form, such as {@code Call-ID}; to be found in any case, and in its compact form too
     * @return null where the message has no such header field
     */
    @Nullable String header(String name);

    /**
     * The values of all header fields of a name, in their order, each as {@link #header} gives it. Whether several that stand in
     * one header field, between commas, come as one value or as several does not matter.
     */
    List<String> headers(String name);

    /** The array that holds the body. It stays the stack's: it is never written into, and kept only until the result is there. */
    byte[] bodyArray();

    /** The body's first byte in {@link #bodyArray()}. */
    int bodyOffset();

    /** The body's length in bytes, 0 where there is none. */
    int bodyLength();

    /** The IP address that the message came from, as text: the default of the module's {@code signaling_ip}. */
    String sourceAddress();
}

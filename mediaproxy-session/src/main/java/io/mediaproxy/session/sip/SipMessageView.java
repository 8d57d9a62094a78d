package io.mediaproxy.session.sip;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A read-only view of one SIP message: all that {@link io.mediaproxy.session.MediaProxy} has to know of a SIP stack's
 * messages.
 *
 * <p>{@code MediaProxy} reads these header fields, here with their compact forms:
 *
 * <pre>
 *   Call-ID              i  identifies the call
 *   CSeq                    identifies the offer
 *   From                 f  URI and tag
 *   To                   t  URI and tag
 *   Content-Type         c  locates the SDP
 *   Content-Disposition     whether the SDP describes the session
 *   Content-Encoding     e  whether the SDP can be read
 *   User-Agent              for the dispatcher's accounting
 *   Server                  the same, if there is no User-Agent
 *   Contact              m  with a back channel only: where a BYE would go
 *   Record-Route            with a back channel only: the route of that BYE; all header fields of this name
 * </pre>
 *
 * <p>The thread that calls {@code MediaProxy} reads the view before the call returns; only the array of the body must
 * not change until the result is there. An exception that the view throws becomes the failure of the result.
 */
public interface SipMessageView {
    /**
     * Returns whether this message is a request or a response.
     *
     * @return true for a request
     */
    boolean isRequest();

    /**
     * Returns the status code of a response (RFC 3261 7.2).
     *
     * @return 100 to 699, 0 for a request
     */
    int statusCode();

    /**
     * Returns the method of a request, or the method in the CSeq of a response.
     *
     * @return as in the message, such as {@code INVITE}; empty if it cannot be read
     */
    String method();

    /**
     * Returns the value of the first header field with a name, unfolded, without the white space around it (RFC 3261
     * 7.3.1).
     *
     * @param name the long form, such as {@code Call-ID}. The view finds it in any case, and in its compact form too
     * @return the value, or null if the message has no such header field
     */
    @Nullable String header(String name);

    /**
     * Returns the values of all header fields with a name, in their order, each as {@link #header} returns it. Several
     * values in one header field, separated by commas, may come as one string or as several.
     *
     * <p>By default only the value of the first header field. That suffices for messages with one {@code Record-Route}
     * at most, and for every server without a back channel.
     *
     * @param name as for {@link #header}
     * @return the values; empty if the message has no such header field
     */
    default List<String> headers(String name) {
        String value = header(name);
        return value == null ? List.of() : List.of(value);
    }

    /**
     * Returns the array that holds the body. It remains the stack's: {@code MediaProxy} never writes to it, and keeps
     * it only until the result is there.
     *
     * @return empty if there is no body
     */
    byte[] bodyArray();

    /**
     * Returns where the body starts in {@link #bodyArray()}. By default at its start.
     *
     * @return index of the body's first byte
     */
    default int bodyOffset() {
        return 0;
    }

    /**
     * Returns the length of the body. By default it reaches to the end of {@link #bodyArray()}.
     *
     * @return in bytes, 0 if there is no body
     */
    default int bodyLength() {
        return bodyArray().length - bodyOffset();
    }

    /**
     * Returns the IP address that the message came from: the default of the module's {@code signaling_ip}.
     *
     * @return as text
     */
    String sourceAddress();
}

package io.mediaproxy.jainsip;

import io.mediaproxy.session.CallAttributes;
import io.mediaproxy.session.MediaProxy;
import io.mediaproxy.session.MediaProxyResult;
import java.text.ParseException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.sip.PeerUnavailableException;
import javax.sip.SipFactory;
import javax.sip.header.ContentTypeHeader;
import javax.sip.header.HeaderFactory;
import javax.sip.header.ViaHeader;
import javax.sip.message.Message;
import javax.sip.message.Request;

/**
 * {@link MediaProxy} for servers on JAIN-SIP: takes the stack's messages and puts the new body into them. Safe for use by many
 * threads, each with messages of its own.
 *
 * <p>A message gets its new content before the result is handed over, in the asynchronous forms on the dispatcher client's
 * thread: it must not be sent or changed in between. Where there is no new body it stays as it was. The stack's array of
 * bytes is never written into; Content-Type stays, Content-Length is set.
 */
public final class JainSipMediaProxy {
    private final MediaProxy mediaProxy;
    private final HeaderFactory headers;

    /**
     * Plugs a {@link MediaProxy} into JAIN-SIP; it stays the caller's to close.
     *
     * @throws IllegalStateException if there is no JAIN-SIP implementation
     */
    public JainSipMediaProxy(MediaProxy mediaProxy) {
        this.mediaProxy = mediaProxy;
        try {
            this.headers = SipFactory.getInstance().createHeaderFactory();
        } catch (PeerUnavailableException e) {
            throw new IllegalStateException("no JAIN-SIP implementation at hand", e);
        }
    }

    /** {@link #useMediaProxy(Message, String, CallAttributes)} with the request's own {@link #sourceAddress}. */
    public MediaProxyResult useMediaProxy(Request request) {
        return useMediaProxy(request, sourceAddress(request), CallAttributes.NONE);
    }

    /** {@link #useMediaProxy(Message, String, CallAttributes)} with everything as configured. */
    public MediaProxyResult useMediaProxy(Message message, String sourceAddress) {
        return useMediaProxy(message, sourceAddress, CallAttributes.NONE);
    }

    /** {@link #useMediaProxyAsync}, and waits for it, at most the configured timeout. */
    public MediaProxyResult useMediaProxy(Message message, String sourceAddress, CallAttributes attributes) {
        return useMediaProxyAsync(message, sourceAddress, attributes).join();
    }

    /**
     * {@code use_media_proxy()}, for a request or a response that carries an offer or an answer, and for a 200 to INVITE without
     * SDP; see {@link MediaProxy#useMediaProxyAsync}.
     *
     * @param message gets the new content
     * @param sourceAddress the IP address that the message came from
     */
    public CompletableFuture<MediaProxyResult> useMediaProxyAsync(
            Message message, String sourceAddress, CallAttributes attributes) {
        return mediaProxy
                .useMediaProxyAsync(new JainSipMessageView(message, sourceAddress), attributes)
                .thenApply(result -> {
                    result.body().ifPresent(body -> setContent(message, body));
                    return result;
                });
    }

    /** {@link #endMediaSessionAsync}, and waits for it, at most the configured timeout. */
    public MediaProxyResult endMediaSession(Message message) {
        return endMediaSessionAsync(message).join();
    }

    /**
     * {@code end_media_session()}, for the BYE, the CANCEL or the failure response that ends a call; see
     * {@link MediaProxy#endMediaSessionAsync}.
     *
     * @param message is only read
     */
    public CompletableFuture<MediaProxyResult> endMediaSessionAsync(Message message) {
        return mediaProxy.endMediaSessionAsync(new JainSipMessageView(message, ""));
    }

    /**
     * The IP address that a request came from, as its topmost Via says: the stack puts {@code received} there where it is not the
     * one that the sender wrote (RFC 3261 18.2.1). Right for a request as it came in, before a Via of ours is added.
     */
    public static String sourceAddress(Request request) {
        if (!(request.getHeader(ViaHeader.NAME) instanceof ViaHeader via)) {
            return "";
        }
        return Optional.ofNullable(via.getReceived()).orElse(via.getHost());
    }

    private void setContent(Message message, byte[] body) {
        try {
            ContentTypeHeader type = message.getHeader(ContentTypeHeader.NAME) instanceof ContentTypeHeader own
                    ? own
                    : headers.createContentTypeHeader("application", "sdp");
            message.setContent(body, type);
            message.setContentLength(headers.createContentLengthHeader(body.length));
        } catch (ParseException | javax.sip.InvalidArgumentException e) {
            throw new IllegalStateException("JAIN-SIP does not take the new body of " + body.length + " bytes", e);
        }
    }
}

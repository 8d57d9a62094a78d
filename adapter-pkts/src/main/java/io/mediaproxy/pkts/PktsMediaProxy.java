package io.mediaproxy.pkts;

import io.mediaproxy.session.CallAttributes;
import io.mediaproxy.session.MediaProxy;
import io.mediaproxy.session.MediaProxyResult;
import io.pkts.packet.sip.SipMessage;
import java.util.concurrent.CompletableFuture;

/**
 * {@link MediaProxy} for servers on pkts.io: takes its immutable messages and gives new ones. Safe for use by many threads.
 *
 * <p>A new message is a request or a response as the old one was, in an array of its own: all its bytes are the old ones, but for
 * the body and the number in Content-Length. The bytes of the old one are only read; they have to stay as they are until the
 * result is there, and the reader index of {@link SipMessage#toBuffer()} where it is until the function returns.
 *
 * <p>pkts sees no body where there is no Content-Length, and then neither does this.
 */
public final class PktsMediaProxy {
    private final MediaProxy mediaProxy;

    /** Plugs a {@link MediaProxy} into pkts; it stays the caller's to close. */
    public PktsMediaProxy(MediaProxy mediaProxy) {
        this.mediaProxy = mediaProxy;
    }

    /** {@link #useMediaProxy(SipMessage, String, CallAttributes)} with everything as configured. */
    public PktsResult useMediaProxy(SipMessage message, String sourceAddress) {
        return useMediaProxy(message, sourceAddress, CallAttributes.NONE);
    }

    /** {@link #useMediaProxyAsync}, and waits for it, at most the configured timeout. */
    public PktsResult useMediaProxy(SipMessage message, String sourceAddress, CallAttributes attributes) {
        return useMediaProxyAsync(message, sourceAddress, attributes).join();
    }

    /**
     * {@code use_media_proxy()}, for a request or a response that carries an offer or an answer, and for a 200 to INVITE without
     * SDP; see {@link MediaProxy#useMediaProxyAsync}.
     *
     * @param sourceAddress the IP address that the message came from: that of the datagram or the connection, as pkts notes none
     *     in the Via
     */
    public CompletableFuture<PktsResult> useMediaProxyAsync(
            SipMessage message, String sourceAddress, CallAttributes attributes) {
        PktsMessageView view = new PktsMessageView(message, sourceAddress);
        return rewriting(message, view, mediaProxy.useMediaProxyAsync(view, attributes));
    }

    /** {@link #engageMediaProxyAsync}, and waits for it, at most the configured timeout. */
    public PktsResult engageMediaProxy(SipMessage invite, String sourceAddress, CallAttributes attributes) {
        return engageMediaProxyAsync(invite, sourceAddress, attributes).join();
    }

    /**
     * {@code engage_media_proxy()}, for the INVITE that begins a call; see {@link MediaProxy#engageMediaProxyAsync}. From then on
     * every message of the call is given to {@link #followAsync}.
     *
     * @param sourceAddress the IP address that the message came from
     */
    public CompletableFuture<PktsResult> engageMediaProxyAsync(
            SipMessage invite, String sourceAddress, CallAttributes attributes) {
        PktsMessageView view = new PktsMessageView(invite, sourceAddress);
        return rewriting(invite, view, mediaProxy.engageMediaProxyAsync(view, attributes));
    }

    /** {@link #followAsync}, and waits for it, at most the configured timeout. */
    public PktsResult follow(SipMessage message, String sourceAddress) {
        return followAsync(message, sourceAddress).join();
    }

    /**
     * A message of a call that was engaged, before the server passes it on; see
     * {@link io.mediaproxy.session.EngagedCalls#followAsync}.
     *
     * @param sourceAddress the IP address that the message came from
     */
    public CompletableFuture<PktsResult> followAsync(SipMessage message, String sourceAddress) {
        PktsMessageView view = new PktsMessageView(message, sourceAddress);
        return rewriting(message, view, mediaProxy.engagedCalls().followAsync(view));
    }

    private static CompletableFuture<PktsResult> rewriting(
            SipMessage message, PktsMessageView view, CompletableFuture<MediaProxyResult> coming) {
        return coming.thenApply(result -> result.body()
                .map(body -> rewritten(message, view, body, result))
                .orElseGet(() -> new PktsResult(message, result)));
    }

    /** {@link #endMediaSessionAsync}, and waits for it, at most the configured timeout. */
    public MediaProxyResult endMediaSession(SipMessage message) {
        return endMediaSessionAsync(message).join();
    }

    /**
     * {@code end_media_session()}, for the BYE, the CANCEL or the failure response that ends a call; see
     * {@link MediaProxy#endMediaSessionAsync}.
     *
     * @param message is only read
     */
    public CompletableFuture<MediaProxyResult> endMediaSessionAsync(SipMessage message) {
        return mediaProxy.endMediaSessionAsync(new PktsMessageView(message, ""));
    }

    private static PktsResult rewritten(
            SipMessage message, PktsMessageView view, byte[] body, MediaProxyResult result) {
        try {
            return new PktsResult(view.withBody(body), result);
        } catch (RuntimeException e) { // pkts can build, and read from a stream, what it cannot frame
            return new PktsResult(message, MediaProxyResult.failed(e));
        }
    }
}

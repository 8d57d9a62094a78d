package io.mediaproxy.pkts;

import io.mediaproxy.session.CallAttributes;
import io.mediaproxy.session.MediaProxyResult;
import io.mediaproxy.session.MediaSession;
import io.pkts.packet.sip.SipMessage;
import java.util.concurrent.CompletableFuture;

/**
 * A {@link MediaSession} for the messages of pkts.io: one call's session at the relay, for B2BUAs that know what is an
 * offer and what an answer. Returned by {@link PktsMediaProxy#session}.
 *
 * <p>Thread-safe.
 */
public final class PktsMediaSession {
    private final MediaSession session;

    PktsMediaSession(MediaSession session) {
        this.session = session;
    }

    /**
     * Rewrites an offer for the other side; see {@link MediaSession#offerAsync}.
     *
     * @param sourceAddress the IP address from which the message came
     */
    public CompletableFuture<PktsResult> offerAsync(
            SipMessage message, String sourceAddress, CallAttributes attributes) {
        PktsMessageView view = new PktsMessageView(message, sourceAddress);
        return PktsMediaProxy.rewriting(message, view, session.offerAsync(view, attributes));
    }

    /** {@link #offerAsync} with everything as configured, and waits at most the configured timeout. */
    public PktsResult offer(SipMessage message, String sourceAddress) {
        return offerAsync(message, sourceAddress, CallAttributes.NONE).join();
    }

    /**
     * Rewrites the answer to the last offer for the side that offered; see {@link MediaSession#answerAsync}.
     *
     * @param sourceAddress the IP address from which the message came
     */
    public CompletableFuture<PktsResult> answerAsync(
            SipMessage message, String sourceAddress, CallAttributes attributes) {
        PktsMessageView view = new PktsMessageView(message, sourceAddress);
        return PktsMediaProxy.rewriting(message, view, session.answerAsync(view, attributes));
    }

    /** {@link #answerAsync} with everything as configured, and waits at most the configured timeout. */
    public PktsResult answer(SipMessage message, String sourceAddress) {
        return answerAsync(message, sourceAddress, CallAttributes.NONE).join();
    }

    /** Removes the session from the relay, when the call is over; see {@link MediaSession#endAsync}. */
    public CompletableFuture<MediaProxyResult> endAsync() {
        return session.endAsync();
    }

    /** {@link #endAsync}, and waits at most the configured timeout. */
    public MediaProxyResult end() {
        return endAsync().join();
    }
}

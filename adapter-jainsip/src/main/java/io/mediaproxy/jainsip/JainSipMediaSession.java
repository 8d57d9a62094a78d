package io.mediaproxy.jainsip;

import io.mediaproxy.session.CallAttributes;
import io.mediaproxy.session.MediaProxyResult;
import io.mediaproxy.session.MediaSession;
import java.util.concurrent.CompletableFuture;
import javax.sip.message.Message;

/**
 * A {@link MediaSession} for JAIN-SIP's messages: one call's session at the relay, for B2BUAs that know what is an
 * offer and what an answer. Returned by {@link JainSipMediaProxy#session}.
 *
 * <p>A message receives its new content as with {@link JainSipMediaProxy}: copy the content to the other leg when the
 * result is there.
 *
 * <p>Thread-safe.
 */
public final class JainSipMediaSession {
    private final JainSipMediaProxy jainSip;
    private final MediaSession session;

    JainSipMediaSession(JainSipMediaProxy jainSip, MediaSession session) {
        this.jainSip = jainSip;
        this.session = session;
    }

    /**
     * Rewrites an offer for the other side; see {@link MediaSession#offerAsync}.
     *
     * @param message receives the new content
     * @param sourceAddress the IP address from which the message came
     */
    public CompletableFuture<MediaProxyResult> offerAsync(
            Message message, String sourceAddress, CallAttributes attributes) {
        return jainSip.rewriting(
                message, session.offerAsync(new JainSipMessageView(message, sourceAddress), attributes));
    }

    /** {@link #offerAsync} with everything as configured, and waits at most the configured timeout. */
    public MediaProxyResult offer(Message message, String sourceAddress) {
        return offerAsync(message, sourceAddress, CallAttributes.NONE).join();
    }

    /**
     * Rewrites the answer to the last offer for the side that offered; see {@link MediaSession#answerAsync}.
     *
     * @param message receives the new content
     * @param sourceAddress the IP address from which the message came
     */
    public CompletableFuture<MediaProxyResult> answerAsync(
            Message message, String sourceAddress, CallAttributes attributes) {
        return jainSip.rewriting(
                message, session.answerAsync(new JainSipMessageView(message, sourceAddress), attributes));
    }

    /** {@link #answerAsync} with everything as configured, and waits at most the configured timeout. */
    public MediaProxyResult answer(Message message, String sourceAddress) {
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

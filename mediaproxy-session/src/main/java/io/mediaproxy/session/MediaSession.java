package io.mediaproxy.session;

import io.mediaproxy.session.sip.SipMessageView;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One call's session at the relay, for servers that know by themselves what is an offer and what an answer: B2BUAs, whose two
 * legs have two Call-IDs. Got from {@link MediaProxy#session}; safe for use by many threads.
 *
 * <p>Which party a message came from is told by its tags: the caller's is the From tag that the session was made with, in the
 * From of a request or the To of a reply; every other message came from the callee.
 *
 * <p>What it sees to:
 * <ul>
 *   <li>The dispatcher is told the offer's CSeq with each answer, and with each offer a newer one than before, however the legs
 *       count.
 *   <li>A retransmission gets what the message before it got, without asking the dispatcher again.
 *   <li>The answer to an offer that got no relay gets none either.
 *   <li>The relay that the call got is named to the dispatcher from then on ({@code media_relay}), unless the application
 *       named one, so that a restarted dispatcher finds it again.
 *   <li>It is removed exactly once; what comes behind that is left alone ({@link Outcome#CALL_ENDED}). One that nobody ends is
 *       removed when nothing was heard of it for {@link MediaProxy.Builder#dialogTimeout}.
 * </ul>
 */
public final class MediaSession {
    private final String callId;
    private final String fromTag;
    /** Null where the module is disabled. */
    private final @Nullable CallSession session;

    MediaSession(String callId, String fromTag, @Nullable CallSession session) {
        this.callId = callId;
        this.fromTag = fromTag;
        this.session = session;
    }

    /** The Call-ID that the dispatcher knows the session by. */
    public String callId() {
        return callId;
    }

    /** The caller's tag, which the dispatcher knows the session by. */
    public String fromTag() {
        return fromTag;
    }

    /**
     * The message carries an offer, of either side, in a request or a reply: rewrites it for the other side.
     *
     * @param message is read before this returns, but for the body, which has to stay as it is until the result is there
     * @return completes with the new body or with the reason why there is none, never exceptionally
     */
    public CompletableFuture<MediaProxyResult> offerAsync(SipMessageView message, CallAttributes attributes) {
        return session == null ? MediaProxy.disabled() : session.offer(message, attributes);
    }

    /** {@link #offerAsync}, and waits for it. */
    public MediaProxyResult offer(SipMessageView message, CallAttributes attributes) {
        return offerAsync(message, attributes).join();
    }

    /** {@link #offer(SipMessageView, CallAttributes)} with everything as configured. */
    public MediaProxyResult offer(SipMessageView message) {
        return offer(message, CallAttributes.NONE);
    }

    /**
     * The message carries an answer to the offer before it, be it in a reply, a PRACK or an ACK: rewrites it for the side that
     * offered.
     *
     * @param message is read before this returns, but for the body, which has to stay as it is until the result is there
     * @return completes with the new body or with the reason why there is none, never exceptionally
     */
    public CompletableFuture<MediaProxyResult> answerAsync(SipMessageView message, CallAttributes attributes) {
        return session == null ? MediaProxy.disabled() : session.answer(message, attributes);
    }

    /** {@link #answerAsync}, and waits for it. */
    public MediaProxyResult answer(SipMessageView message, CallAttributes attributes) {
        return answerAsync(message, attributes).join();
    }

    /** {@link #answer(SipMessageView, CallAttributes)} with everything as configured. */
    public MediaProxyResult answer(SipMessageView message) {
        return answer(message, CallAttributes.NONE);
    }

    /**
     * The call is over: has the relay forget it. A removal that cannot be delivered is kept and tried again, as that of
     * {@link MediaProxy#endMediaSessionAsync}.
     *
     * @return completes when the dispatcher has answered or failed to, never exceptionally; {@link Outcome#CALL_ENDED} if the
     *     session was ended before
     */
    public CompletableFuture<MediaProxyResult> endAsync() {
        return session == null ? MediaProxy.disabled() : session.end();
    }

    /** {@link #endAsync}, and waits for it. */
    public MediaProxyResult end() {
        return endAsync().join();
    }
}

package io.mediaproxy.session;

import io.mediaproxy.session.sip.SipMessageView;
import java.util.concurrent.CompletableFuture;

/**
 * One call's session at the relay, for servers that know what is an offer and what an answer: B2BUAs, whose two legs
 * have two Call-IDs. Returned by {@link MediaProxy#session}.
 *
 * <p>The tags show which party a message came from: the caller's is the From tag that the session was made with, in the
 * From of a request or the To of a response; every other message came from the callee.
 *
 * <p>It handles:
 *
 * <ul>
 *   <li>The CSeq: the dispatcher gets the offer's CSeq with each answer, and a newer one with each offer, however the
 *       legs count.
 *   <li>Retransmissions: they get the result of the first message, without another update.
 *   <li>Failures: the answer to an offer that got no relay gets none either.
 *   <li>The relay: the dispatcher gets the address of the call's relay with each later update ({@code media_relay}), so
 *       that a restarted dispatcher finds it again. A relay that the application chose is for the first offer.
 *   <li>The end: the session is removed exactly once; later messages are left alone ({@link Outcome#CALL_ENDED}). A
 *       session that the server does not end is removed when it has been silent for
 *       {@link MediaProxyBuilder#dialogTimeout}.
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class MediaSession {
    /** Does the work of a session. */
    interface Actions {
        CompletableFuture<MediaProxyResult> offer(SipMessageView message, CallAttributes attributes);

        CompletableFuture<MediaProxyResult> answer(SipMessageView message, CallAttributes attributes);

        CompletableFuture<MediaProxyResult> end();
    }

    private final String callId;
    private final String fromTag;
    private final Actions actions;

    MediaSession(String callId, String fromTag, Actions actions) {
        this.callId = callId;
        this.fromTag = fromTag;
        this.actions = actions;
    }

    /**
     * Returns the Call-ID under which the dispatcher knows the session.
     *
     * @return as given to {@link MediaProxy#session}
     */
    public String callId() {
        return callId;
    }

    /**
     * Returns the caller's tag under which the dispatcher knows the session.
     *
     * @return as given to {@link MediaProxy#session}
     */
    public String fromTag() {
        return fromTag;
    }

    /**
     * Rewrites an offer for the other side: of either party, in a request or a response.
     *
     * @param message is read before this returns, except for the body, which must not change until the result is there
     * @param attributes of the call; what is null there is taken from the configuration
     * @return completes with the new body or with the reason why there is none, never exceptionally
     */
    public CompletableFuture<MediaProxyResult> offerAsync(SipMessageView message, CallAttributes attributes) {
        return actions.offer(message, attributes);
    }

    /**
     * Calls {@link #offerAsync} and waits for the result.
     *
     * @param message as for {@link #offerAsync}
     * @param attributes as for {@link #offerAsync}
     * @return the result
     */
    public MediaProxyResult offer(SipMessageView message, CallAttributes attributes) {
        return offerAsync(message, attributes).join();
    }

    /**
     * Calls {@link #offer(SipMessageView, CallAttributes)} with everything as configured.
     *
     * @param message as for {@link #offerAsync}
     * @return the result
     */
    public MediaProxyResult offer(SipMessageView message) {
        return offer(message, CallAttributes.NONE);
    }

    /**
     * Rewrites the answer to the last offer for the side that offered: in a response, a PRACK or an ACK.
     *
     * @param message is read before this returns, except for the body, which must not change until the result is there
     * @param attributes of the call; what is null there is taken from the configuration
     * @return completes with the new body or with the reason why there is none, never exceptionally
     */
    public CompletableFuture<MediaProxyResult> answerAsync(SipMessageView message, CallAttributes attributes) {
        return actions.answer(message, attributes);
    }

    /**
     * Calls {@link #answerAsync} and waits for the result.
     *
     * @param message as for {@link #answerAsync}
     * @param attributes as for {@link #answerAsync}
     * @return the result
     */
    public MediaProxyResult answer(SipMessageView message, CallAttributes attributes) {
        return answerAsync(message, attributes).join();
    }

    /**
     * Calls {@link #answer(SipMessageView, CallAttributes)} with everything as configured.
     *
     * @param message as for {@link #answerAsync}
     * @return the result
     */
    public MediaProxyResult answer(SipMessageView message) {
        return answer(message, CallAttributes.NONE);
    }

    /**
     * Removes the session from the relay, when the call is over. A removal that cannot be delivered is queued and tried
     * again, as in {@link MediaProxy#endMediaSessionAsync}.
     *
     * @return completes when the dispatcher has answered or failed to, never exceptionally; {@link Outcome#CALL_ENDED}
     *     if the session ended before
     */
    public CompletableFuture<MediaProxyResult> endAsync() {
        return actions.end();
    }

    /**
     * Calls {@link #endAsync} and waits for the result.
     *
     * @return the result
     */
    public MediaProxyResult end() {
        return endAsync().join();
    }
}

package io.mediaproxy.session;

import io.mediaproxy.session.sip.SipMessageView;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One call's session at the relay, from its first message to its removal: it ends once, by the call, by the relay or by
 * silence. It works without SIP methods, so that it serves engaged calls and {@link MediaSession}s alike. Thread-safe.
 */
final class CallSession extends ExpiryQueue.Entry implements MediaSession.Actions {
    private final boolean engaged;
    private final CallExchanges exchanges; // they have the id and the surroundings: there are many calls

    private volatile @Nullable CallFollower follower;
    private volatile boolean mediaStopped;

    /** @param engaged whether its messages decide what is an offer and what an answer; if not, the server does */
    CallSession(SessionId id, boolean engaged, SessionSurroundings surroundings) {
        this.engaged = engaged;
        this.exchanges = new CallExchanges(id, surroundings);
    }

    SessionId id() {
        return exchanges.id();
    }

    private SessionSurroundings surroundings() {
        return exchanges.surroundings();
    }

    MediaProxyConfig config() {
        return surroundings().config();
    }

    boolean isEngaged() {
        return engaged;
    }

    CallExchanges exchanges() {
        return exchanges;
    }

    @Override
    public CompletableFuture<MediaProxyResult> offer(SipMessageView message, CallAttributes attributes) {
        return handle(message, SdpRole.OFFER, attributes);
    }

    @Override
    public CompletableFuture<MediaProxyResult> answer(SipMessageView message, CallAttributes attributes) {
        return handle(message, SdpRole.ANSWER, attributes);
    }

    private CompletableFuture<MediaProxyResult> handle(SipMessageView view, SdpRole role, CallAttributes attributes) {
        touch(config().dialogTimeout().toNanos());
        try {
            return exchanges.handle(RelayedMessage.of(view, attributes).asked(config()), role);
        } catch (RuntimeException e) { // from the view
            return done(MediaProxyResult.failed(e));
        }
    }

    /** Ends the session. Later calls return {@link Outcome#CALL_ENDED}. */
    @Override
    public CompletableFuture<MediaProxyResult> end() {
        CallExchanges.Last last = exchanges.end();
        if (last == null) {
            return done(MediaProxyResult.of(Outcome.CALL_ENDED, "the call has ended already"));
        }
        CompletableFuture<MediaProxyResult> removal = last.updated()
                ? surroundings()
                        .removals()
                        .remove(
                                id().callId(),
                                id().callerTag(),
                                last.calleeTag(),
                                mediaStopped ? null : last.lastUpdate())
                : done(MediaProxyResult.of(Outcome.UNKNOWN_SESSION, "the relay has no session of this call"));
        surroundings().onEnd().accept(this);
        CallFollower known = follower;
        if (known != null) {
            known.sessionEnded(removal);
        }
        return removal;
    }

    /** Sets the follower of its call; to be set before it can end. */
    void followedBy(CallFollower newFollower) {
        follower = newFollower;
    }

    /** Returns the call, whose media stopped, as its follower knows it. */
    MediaTimeout mediaTimeout() {
        CallFollower known = follower;
        return known == null
                ? new MediaTimeout(id().callId(), id().callerTag(), Optional.empty(), Optional.empty())
                : known.mediaTimeout();
    }

    /** Restarts the inactivity timer. */
    void touch(long timeoutNanos) {
        surroundings().expiries().expireAt(this, surroundings().nanoTime().getAsLong() + timeoutNanos);
    }

    /** The relay ended the session, since its media stopped. */
    void mediaStopped() {
        mediaStopped = true;
    }

    @Override
    boolean hasEnded() {
        return exchanges.hasEnded();
    }

    private static CompletableFuture<MediaProxyResult> done(MediaProxyResult result) {
        return CompletableFuture.completedFuture(result);
    }
}

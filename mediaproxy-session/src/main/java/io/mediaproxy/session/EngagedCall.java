package io.mediaproxy.session;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Follows one engaged call by its messages, from the INVITE that begins it to its end:
 *
 * <pre>
 *              INVITE         2xx to INVITE            last BYE
 *   (engage) ────────► EARLY ───────────────► ANSWERED ────────► ENDED
 *                      │   ▲                     ▲                 ▲
 *         CANCEL, BYE  │   │  INVITE             │  2xx            │
 *                      ▼   │  with credentials   │                 │
 *                    CANCELLED ──────────────────┘                 │
 *                      │                                           │
 *                      └── INVITE refused, as from EARLY ──────────┘
 *
 *   from every state to ENDED: silence for too long, the application, the media stopped
 * </pre>
 *
 * <p>Thread-safe. The latest message wins.
 *
 * <p>Lock order: {@code EngagedCall}, {@link ExpiryQueue}, then {@link CallExchanges}. This lock is held while a
 * message is handled, but not while the session is removed, or while a listener or the application's
 * {@code signalingIp} runs.
 */
final class EngagedCall implements CallFollower {
    private enum State {
        /** The INVITE has no final response. */
        EARLY,
        /** As EARLY, but the caller gave up. */
        CANCELLED,
        ANSWERED,
        ENDED
    }

    /** Without a final response for 64*T1 after a CANCEL the INVITE counts as cancelled (RFC 3261 9.1). */
    private static final Duration CANCEL_TIMEOUT = Duration.ofSeconds(32);

    private static final List<String> MAY_CARRY_SDP =
            List.of(SipMethod.INVITE, SipMethod.ACK, SipMethod.PRACK, SipMethod.UPDATE);

    private final CallSession session;
    private final CallAttributes attributes;
    private final @Nullable DialogParties parties;
    private final Legs legs;

    private State state = State.EARLY;
    /** CSeq of the last INVITE without To tag: only its refusal ends the call. */
    private long inviteCseq;

    private String relayKey = "";
    /** The calls to which it belongs; null before it begins. */
    private @Nullable EngagedCalls calls;
    /** Whether its place in the {@link CallLimit} is that of an answered call, and whether it was given back. */
    private boolean countsAsAnswered;

    private boolean hasLeft;

    /** @param tracksParties whether {@link #mediaTimeout} will be called */
    EngagedCall(CallKey key, CallSession session, CallAttributes attributes, boolean tracksParties) {
        this.legs = new Legs(key);
        this.session = session;
        this.attributes = attributes;
        this.parties = tracksParties ? new DialogParties() : null;
    }

    /** Returns Call-ID and From tag of the INVITE that the call was engaged with. */
    CallKey key() {
        return legs.first().key();
    }

    /** Follows its session from now on. */
    void beginsIn(EngagedCalls engagedCalls) {
        synchronized (this) {
            calls = engagedCalls;
        }
        session.followedBy(this);
    }

    /** Gives back its place, once. */
    void leave(CallLimit limit) {
        boolean answered;
        synchronized (this) {
            if (hasLeft) {
                return;
            }
            hasLeft = true;
            answered = countsAsAnswered;
        }
        limit.ended(answered);
    }

    CallSession session() {
        return session;
    }

    CallAttributes attributes() {
        return attributes;
    }

    boolean hasEnded() {
        return session.hasEnded();
    }

    /** Adds a leg. Returns false if it has too many. */
    synchronized boolean join(CallKey leg) {
        return legs.join(leg);
    }

    synchronized List<CallKey> legs() {
        return legs.keys();
    }

    /** Whether a message of a leg belongs to this call, see {@link Leg#owns}. */
    synchronized boolean owns(CallKey leg, boolean responseToInvite, String fromTag, String toTag) {
        return legs.leg(leg).owns(responseToInvite, fromTag, toTag);
    }

    /** Returns the place at the relay by which a leg can be joined; empty if there is none yet. */
    synchronized String relayKey() {
        return relayKey;
    }

    /** Sets {@link #relayKey()} and returns the one before. */
    synchronized String replaceRelayKey(String key) {
        String before = relayKey;
        relayKey = key;
        return before;
    }

    /** Handles one message of this call. */
    CompletableFuture<MediaProxyResult> follow(RelayedMessage unasked) {
        RelayedMessage message = unasked.asked(session.config());
        return change(() -> {
            try {
                return handle(message);
            } finally {
                session.touch(timeout().toNanos());
            }
        });
    }

    /**
     * The INVITE transaction ended. The call is over unless it was answered or a newer INVITE replaced this one. A
     * server whose leg was refused may try another one.
     */
    CompletableFuture<MediaProxyResult> inviteTerminated(CallKey invite, long cseq) {
        return change(() -> inviteRefused(legs.leg(invite), cseq));
    }

    /** The dialog of these two tags ended. The last one ends the call. */
    CompletableFuture<MediaProxyResult> dialogTerminated(String callId, String oneTag, String otherTag) {
        return change(() -> {
            Leg leg = legs.leg(new CallKey(callId, oneTag));
            boolean isOne = leg.key().fromTag().equals(oneTag);
            Leg ended = isOne ? leg : legs.leg(new CallKey(callId, otherTag));
            return state == State.ANSWERED && isLastHungUp(ended, isOne ? otherTag : oneTag) ? over() : unchanged();
        });
    }

    /** Ends the call, whatever its messages say. */
    CompletableFuture<MediaProxyResult> end() {
        return change(this::over);
    }

    @Override
    public void sessionEnded(CompletableFuture<MediaProxyResult> removal) {
        EngagedCalls known;
        synchronized (this) {
            state = State.ENDED;
            known = calls;
        }
        if (known != null) {
            known.ended(this, removal);
        }
    }

    /** Applies an event, and ends the session if the call has ended: without the lock, since listeners run. */
    private CompletableFuture<MediaProxyResult> change(Supplier<CompletableFuture<MediaProxyResult>> event) {
        synchronized (this) {
            if (state != State.ENDED) {
                CompletableFuture<MediaProxyResult> result = event.get();
                if (state != State.ENDED) {
                    return result;
                }
            }
        }
        return session.end();
    }

    private Duration timeout() {
        return switch (state) {
            case EARLY -> session.config().earlyDialogTimeout();
            case CANCELLED -> CANCEL_TIMEOUT;
            case ANSWERED, ENDED -> session.config().dialogTimeout();
        };
    }

    private CompletableFuture<MediaProxyResult> handle(RelayedMessage message) {
        Leg leg = legs.leg(message.fields());
        leg.see(leg.calleeTag(message.fields()));
        if (isOwn(message, leg)) {
            return message.isRequest() && message.is(SipMethod.BYE) ? bye(message, leg) : unchanged();
        }
        return message.isRequest() ? request(message, leg) : response(message, leg);
    }

    /**
     * Whether a B2BUA sent this on the leg that it opened: the SDP already leads to the relay, and the CSeq counts only
     * on that leg.
     */
    private boolean isOwn(RelayedMessage message, Leg leg) {
        return leg != legs.first() && leg.key().fromTag().equals(message.senderTag());
    }

    private CompletableFuture<MediaProxyResult> request(RelayedMessage message, Leg leg) {
        if (parties != null) {
            parties.request(session.exchanges().sender(message), message);
        }
        return switch (message.method()) {
            case SipMethod.INVITE -> invite(message);
            case SipMethod.BYE -> bye(message, leg);
            case SipMethod.CANCEL -> cancel();
            default -> relaySdp(message);
        };
    }

    private CompletableFuture<MediaProxyResult> invite(RelayedMessage message) {
        long cseq = message.fields().cseqNumber();
        if (message.fields().to().tag().isEmpty() && cseq > inviteCseq) {
            // The first one, or the same with credentials: then the refusal of the one before is not the end.
            inviteCseq = cseq;
            if (state == State.CANCELLED) {
                state = State.EARLY;
            }
        }
        if (!message.hasSdp()) {
            session.exchanges().inviteWithoutOffer(message);
        }
        return relaySdp(message);
    }

    /**
     * Before the answer, the response to the INVITE shows how the call ended (RFC 3261 15.1.2): a refusal, or, if they
     * cross, a 2xx of a dialog that is over already. Other callees of a fork may ring on.
     */
    private CompletableFuture<MediaProxyResult> bye(RelayedMessage message, Leg leg) {
        String calleeTag = leg.calleeTag(message.fields());
        if (state != State.ANSWERED) {
            leg.end(calleeTag);
            return leg.isOpen() ? unchanged() : cancel();
        }
        if (isLastHungUp(leg, calleeTag)) {
            return over();
        }
        List<String> left = leg.answered();
        return session.exchanges().isWith(calleeTag) && !left.isEmpty()
                ? session.exchanges().back(message, left.get(left.size() - 1))
                : unchanged();
    }

    private CompletableFuture<MediaProxyResult> cancel() {
        if (state == State.EARLY) {
            state = State.CANCELLED;
        }
        return unchanged();
    }

    /**
     * Ends a dialog. Returns whether the call has ended with it: it was the last one, or its leg has none that is
     * known. A branch that lost while others of its leg are up does not count.
     */
    private boolean isLastHungUp(Leg leg, String calleeTag) {
        boolean known = leg.isAnswered(calleeTag);
        leg.end(calleeTag);
        boolean up = known ? legs.haveAnswered() : leg.hasAnswered();
        return !up;
    }

    private CompletableFuture<MediaProxyResult> response(RelayedMessage message, Leg leg) {
        if (message.statusCode() <= SipMethod.TRYING || !MAY_CARRY_SDP.contains(message.method())) {
            return unchanged();
        }
        if (message.isFailure()) {
            return refused(message, leg);
        }
        if (message.isSuccess() && parties != null) {
            parties.success(session.exchanges().sender(message), message);
        }
        if (message.is(SipMethod.INVITE)) {
            if (message.isSuccess()) {
                return answered(message, leg);
            }
            if (state == State.ANSWERED && isLate(message, leg)) {
                return session.exchanges().ofLoser(message);
            }
        }
        return relaySdp(message);
    }

    /** Whether a provisional response belongs to the INVITE that was answered already, not to a later one. */
    private boolean isLate(RelayedMessage message, Leg leg) {
        boolean first = leg == legs.first() && message.fields().cseqNumber() <= inviteCseq;
        return session.exchanges().sender(message) == Side.CALLEE && (first || !leg.isAnswered(message.senderTag()));
    }

    private CompletableFuture<MediaProxyResult> answered(RelayedMessage message, Leg leg) {
        boolean ofCallee = session.exchanges().sender(message) == Side.CALLEE;
        if (ofCallee && leg.hasEnded(message.senderTag())) {
            return answeredTooLate(message, leg);
        }
        state = State.ANSWERED;
        if (!countsAsAnswered && !hasLeft && calls != null) {
            countsAsAnswered = true;
            calls.answered();
        }
        if (ofCallee) {
            leg.answer(message.senderTag());
        }
        return message.hasSdp() ? relaySdp(message) : session.exchanges().answered(message);
    }

    /** The caller has hung up on this callee, and has not heard yet that he answered. */
    private CompletableFuture<MediaProxyResult> answeredTooLate(RelayedMessage message, Leg leg) {
        if (!leg.isOpen()) {
            return over();
        }
        CompletableFuture<MediaProxyResult> unused = cancel(); // the other branches are cancelled by now
        return session.exchanges().ofLoser(message);
    }

    private CompletableFuture<MediaProxyResult> refused(RelayedMessage message, Leg leg) {
        if (legs.areJoined()) {
            session.exchanges()
                    .refusedOnAnotherLeg(session.exchanges().sender(message).other());
        } else {
            session.exchanges().refused(message);
        }
        if (!message.is(SipMethod.INVITE)) {
            return unchanged();
        }
        leg.refuse(leg.calleeTag(message.fields()));
        return inviteRefused(leg, message.fields().cseqNumber());
    }

    private CompletableFuture<MediaProxyResult> inviteRefused(Leg leg, long cseq) {
        boolean last = leg == legs.first() && cseq >= inviteCseq;
        return state == State.ANSWERED || !last ? unchanged() : over();
    }

    private CompletableFuture<MediaProxyResult> over() {
        state = State.ENDED;
        return unchanged();
    }

    private CompletableFuture<MediaProxyResult> relaySdp(RelayedMessage message) {
        return message.hasSdp() && MAY_CARRY_SDP.contains(message.method())
                ? session.exchanges().handle(message, SdpRole.BY_MESSAGE)
                : unchanged();
    }

    private static CompletableFuture<MediaProxyResult> unchanged() {
        return CompletableFuture.completedFuture(
                MediaProxyResult.of(Outcome.NO_SDP, "the message has no offer and no answer"));
    }

    @Override
    public synchronized MediaTimeout mediaTimeout() {
        DialogParties known = parties == null ? new DialogParties() : parties;
        return new MediaTimeout(key().callId(), key().fromTag(), known.caller(), known.callee());
    }
}

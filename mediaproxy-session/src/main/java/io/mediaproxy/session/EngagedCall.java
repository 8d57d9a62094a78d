package io.mediaproxy.session;

import java.time.Duration;
import java.util.ArrayList;
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
 * <p>Lock order: {@code EngagedCall}, then {@link CallSession}. This lock is held while a message is handled, but not
 * while the session is removed or a listener runs.
 */
final class EngagedCall {
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
    private final MediaProxyConfig config;
    private final @Nullable DialogParties parties;
    private final AnsweredDialogs dialogs = new AnsweredDialogs();

    /** A leg that the server opened itself, with another Call-ID. */
    private record Leg(String callId, String ownTag) {}

    private State state = State.EARLY;
    /** CSeq of the last INVITE without To tag: only its refusal ends the call. */
    private long inviteCseq;

    private List<Leg> legs = List.of();
    private String relayKey = "";

    /** @param tracksParties whether {@link #mediaTimeout} will be called */
    EngagedCall(CallSession session, CallAttributes attributes, MediaProxyConfig config, boolean tracksParties) {
        this.session = session;
        this.attributes = attributes;
        this.config = config;
        this.parties = tracksParties ? new DialogParties() : null;
    }

    /** Returns the Call-ID that the call was engaged with. */
    String callId() {
        return session.id().callId();
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

    synchronized void joined(String callId, String ownTag) {
        List<Leg> more = new ArrayList<>(legs);
        more.add(new Leg(callId, ownTag));
        legs = List.copyOf(more);
    }

    synchronized List<String> joinedCallIds() {
        return legs.stream().map(Leg::callId).toList();
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
    CompletableFuture<MediaProxyResult> follow(RelayedMessage message) {
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
    CompletableFuture<MediaProxyResult> inviteTerminated(String callId, long cseq) {
        return change(() -> inviteRefused(callId, cseq));
    }

    /** The dialog of these two tags ended. The last one ends the call. */
    CompletableFuture<MediaProxyResult> dialogTerminated(String callId, String oneTag, String otherTag) {
        return change(() -> hungUp(callId, oneTag, otherTag));
    }

    /** Ends the call, whatever its messages say. */
    CompletableFuture<MediaProxyResult> end() {
        return change(this::over);
    }

    /** The session ended, whatever the reason. */
    synchronized void sessionEnded() {
        state = State.ENDED;
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
            case EARLY -> config.earlyDialogTimeout();
            case CANCELLED -> CANCEL_TIMEOUT;
            case ANSWERED, ENDED -> config.dialogTimeout();
        };
    }

    private CompletableFuture<MediaProxyResult> handle(RelayedMessage message) {
        if (isOwn(message)) {
            return message.isRequest() && message.is(SipMethod.BYE) ? bye(message) : unchanged();
        }
        return message.isRequest() ? request(message) : response(message);
    }

    /**
     * Whether the server sent this on a leg that it opened: the SDP already leads to the relay, and the CSeq counts
     * only on that leg.
     */
    private boolean isOwn(RelayedMessage message) {
        return legs.contains(new Leg(message.fields().callId(), message.senderTag()));
    }

    private CompletableFuture<MediaProxyResult> request(RelayedMessage message) {
        Side from = session.sender(message);
        if (parties != null) {
            parties.request(from, message);
        }
        return switch (message.method()) {
            case SipMethod.INVITE -> invite(message, from);
            case SipMethod.BYE -> bye(message);
            case SipMethod.CANCEL -> cancel();
            default -> relaySdp(message);
        };
    }

    private CompletableFuture<MediaProxyResult> invite(RelayedMessage message, Side from) {
        long cseq = message.fields().cseqNumber();
        if (message.fields().to().tag().isEmpty() && cseq > inviteCseq) {
            // The first one, or the same with credentials: then the refusal of the one before is not the end.
            inviteCseq = cseq;
            if (state == State.CANCELLED) {
                state = State.EARLY;
            }
        }
        if (!message.hasSdp()) {
            session.inviteWithoutOffer(from, cseq);
        }
        return relaySdp(message);
    }

    /**
     * Before the answer, the response to the INVITE shows how the call ended (RFC 3261 15.1.2): a refusal, or, if they
     * cross, a 2xx of a dialog that is over already.
     */
    private CompletableFuture<MediaProxyResult> bye(RelayedMessage message) {
        String fromTag = message.fields().from().tag();
        String toTag = message.fields().to().tag();
        if (state != State.ANSWERED) {
            dialogs.endEarly(fromTag.equals(session.id().callerTag()) ? toTag : fromTag);
            return cancel();
        }
        return hungUp(message.fields().callId(), fromTag, toTag);
    }

    private CompletableFuture<MediaProxyResult> cancel() {
        if (state == State.EARLY) {
            state = State.CANCELLED;
        }
        return unchanged();
    }

    private CompletableFuture<MediaProxyResult> hungUp(String callId, String oneTag, String otherTag) {
        return state == State.ANSWERED && dialogs.remove(callId, oneTag, otherTag) ? over() : unchanged();
    }

    private CompletableFuture<MediaProxyResult> response(RelayedMessage message) {
        if (message.statusCode() <= SipMethod.TRYING || !MAY_CARRY_SDP.contains(message.method())) {
            return unchanged();
        }
        if (message.isFailure()) {
            return refused(message);
        }
        if (message.isSuccess()) {
            if (parties != null) {
                parties.success(session.sender(message), message);
            }
            if (message.is(SipMethod.INVITE)) {
                return answered(message);
            }
        }
        return relaySdp(message);
    }

    private CompletableFuture<MediaProxyResult> answered(RelayedMessage message) {
        state = State.ANSWERED;
        String calleeTag = message.fields().to().tag();
        if (!calleeTag.equals(session.id().callerTag())) {
            // One string for all dialogs of the call: every message has another copy.
            String callId = message.fields().callId();
            dialogs.add(callId.equals(callId()) ? callId() : callId, calleeTag);
        }
        if (dialogs.allEndedEarly()) {
            return over();
        }
        return message.hasSdp() ? relaySdp(message) : session.answered(message);
    }

    private CompletableFuture<MediaProxyResult> refused(RelayedMessage message) {
        CallFields fields = message.fields();
        Side requester = session.sender(message).other();
        if (legs.isEmpty()) {
            session.refused(requester, fields.cseqNumber());
        } else {
            session.refusedOnAnotherLeg(requester);
        }
        return message.is(SipMethod.INVITE) ? inviteRefused(fields.callId(), fields.cseqNumber()) : unchanged();
    }

    private CompletableFuture<MediaProxyResult> inviteRefused(String callId, long cseq) {
        boolean last = callId.equals(callId()) && cseq >= inviteCseq;
        return state == State.ANSWERED || !last ? unchanged() : over();
    }

    private CompletableFuture<MediaProxyResult> over() {
        state = State.ENDED;
        return unchanged();
    }

    private CompletableFuture<MediaProxyResult> relaySdp(RelayedMessage message) {
        return message.hasSdp() && MAY_CARRY_SDP.contains(message.method())
                ? session.handle(message, SdpRole.BY_MESSAGE)
                : unchanged();
    }

    private static CompletableFuture<MediaProxyResult> unchanged() {
        return CompletableFuture.completedFuture(
                MediaProxyResult.of(Outcome.NO_SDP, "the message has no offer and no answer"));
    }

    synchronized MediaTimeout mediaTimeout() {
        DialogParties known = parties == null ? new DialogParties() : parties;
        return new MediaTimeout(callId(), session.id().callerTag(), known.caller(), known.callee());
    }
}

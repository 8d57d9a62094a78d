package io.mediaproxy.session;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Follows one engaged call by its messages, from the INVITE that begins it to whatever ends it:
 *
 * <pre>
 *             INVITE           2xx to INVITE             the last BYE
 *   (engage) ────────► early ────────────────► answered ─────────────► ended
 *                        │                                               ▲
 *                        └── the INVITE is refused ──────────────────────┘
 *
 *   and from anywhere: nothing heard for too long, the application, the media stopped
 * </pre>
 *
 * <p>Safe for use by many threads; it is what it was told of last that counts.
 */
final class EngagedCall {
    /** Without a final reply for 64*T1 after a CANCEL the INVITE counts as cancelled (RFC 3261 9.1). */
    private static final Duration CANCEL_TIMEOUT = Duration.ofSeconds(32);

    /** Callees of one fork that answered and were not hung up on yet. */
    private static final int MAX_ANSWERED = 8;

    private static final List<String> MAY_CARRY_SDP =
            List.of(SipMethod.INVITE, SipMethod.ACK, SipMethod.PRACK, SipMethod.UPDATE);

    private final CallSession session;
    private final CallAttributes attributes;
    private final long dialogTimeout;
    private final long earlyDialogTimeout;
    private final @Nullable DialogParties parties;

    private long inviteCseq;
    private boolean answered;
    private boolean cancelled;
    /** The tags of those who answered and were not hung up on. */
    private List<String> answeredTags = List.of();
    /** Of legs that the server made itself. */
    private List<String> joinedCallIds = List.of();

    private String relayKey = "";

    /** @param tracksParties whether {@link #mediaTimeout} will be asked for */
    EngagedCall(CallSession session, CallAttributes attributes, MediaProxyConfig config, boolean tracksParties) {
        this.session = session;
        this.attributes = attributes;
        this.dialogTimeout = config.dialogTimeout().toNanos();
        this.earlyDialogTimeout = config.earlyDialogTimeout().toNanos();
        this.parties = tracksParties ? new DialogParties() : null;
    }

    CallSession session() {
        return session;
    }

    synchronized void joined(String callId) {
        List<String> more = new ArrayList<>(joinedCallIds);
        more.add(callId);
        joinedCallIds = List.copyOf(more);
    }

    synchronized List<String> joinedCallIds() {
        return joinedCallIds;
    }

    synchronized String relayKey() {
        return relayKey;
    }

    /** Sets it and gives back what it was. */
    synchronized String relayKey(String key) {
        String before = relayKey;
        relayKey = key;
        return before;
    }

    /** What there is to do about a message of this call. */
    synchronized CompletableFuture<MediaProxyResult> follow(SipMessageView message) {
        CallFields fields = CallFields.of(message);
        CompletableFuture<MediaProxyResult> result =
                message.isRequest() ? request(message, fields) : reply(message, fields);
        session.touch(answered ? dialogTimeout : cancelled ? CANCEL_TIMEOUT.toNanos() : earlyDialogTimeout);
        return result;
    }

    private CompletableFuture<MediaProxyResult> request(SipMessageView message, CallFields fields) {
        Side from = session.sender(message, fields);
        if (parties != null) {
            parties.request(from, message, fields);
        }
        return switch (message.method()) {
            case SipMethod.INVITE -> invite(message, fields, from);
            case SipMethod.BYE -> bye(fields);
            case SipMethod.CANCEL -> cancel();
            default -> sdp(message);
        };
    }

    private CompletableFuture<MediaProxyResult> invite(SipMessageView message, CallFields fields, Side from) {
        if (fields.to().tag().isEmpty()) {
            // The first one, or the same with credentials: then the refusal of the one before is not the end.
            inviteCseq = Math.max(inviteCseq, fields.cseqNumber());
            cancelled = false;
        }
        if (message.bodyLength() == 0) {
            session.inviteWithoutOffer(from, fields.cseqNumber());
        }
        return sdp(message);
    }

    /** Before it is answered, the INVITE's own reply will say how the call ended (RFC 3261 15.1.2). */
    private CompletableFuture<MediaProxyResult> bye(CallFields fields) {
        if (!answered) {
            return cancel();
        }
        return hungUp(fields.from().tag(), fields.to().tag());
    }

    /** The dialog of these two tags is over. Several callees of a fork may have answered: the last one ends the call. */
    synchronized CompletableFuture<MediaProxyResult> hungUp(String oneTag, String otherTag) {
        if (!answered) {
            return passed();
        }
        List<String> left = new ArrayList<>(answeredTags);
        boolean one = left.removeAll(List.of(oneTag, otherTag));
        if (one && !left.isEmpty()) {
            answeredTags = List.copyOf(left);
            return passed();
        }
        return session.end();
    }

    private CompletableFuture<MediaProxyResult> cancel() {
        cancelled = true;
        return passed();
    }

    private CompletableFuture<MediaProxyResult> reply(SipMessageView message, CallFields fields) {
        if (message.statusCode() <= SipMethod.TRYING || !MAY_CARRY_SDP.contains(message.method())) {
            return passed();
        }
        if (message.statusCode() >= SipMethod.FIRST_FAILURE) {
            return refused(message, fields);
        }
        boolean invite = message.method().equals(SipMethod.INVITE);
        boolean success = message.statusCode() >= SipMethod.OK;
        if (success && parties != null) {
            parties.success(session.sender(message, fields), message);
        }
        if (success && invite) {
            answered(fields.to().tag());
            if (message.bodyLength() == 0) {
                return session.answered(message, attributes);
            }
        }
        return sdp(message);
    }

    private void answered(String tag) {
        answered = true;
        if (!tag.isEmpty()
                && !tag.equals(session.callerTag())
                && !answeredTags.contains(tag)
                && answeredTags.size() < MAX_ANSWERED) {
            List<String> more = new ArrayList<>(answeredTags);
            more.add(tag);
            answeredTags = List.copyOf(more);
        }
    }

    private CompletableFuture<MediaProxyResult> refused(SipMessageView message, CallFields fields) {
        session.refused(session.sender(message, fields).other(), fields.cseqNumber());
        boolean invite = message.method().equals(SipMethod.INVITE);
        return invite ? inviteOver(fields.callId(), fields.cseqNumber()) : passed();
    }

    /** An INVITE of this leg has got its last reply: if nobody has answered, and it is not one before the last, the call is over. */
    synchronized CompletableFuture<MediaProxyResult> inviteOver(String callId, long cseq) {
        boolean ofAnEarlierAttempt = callId.equals(session.callId()) && cseq < inviteCseq;
        return answered || ofAnEarlierAttempt ? passed() : session.end();
    }

    private CompletableFuture<MediaProxyResult> sdp(SipMessageView message) {
        return message.bodyLength() > 0 && MAY_CARRY_SDP.contains(message.method())
                ? session.relay(message, attributes)
                : passed();
    }

    private static CompletableFuture<MediaProxyResult> passed() {
        return CompletableFuture.completedFuture(
                MediaProxyResult.of(Outcome.NO_SDP, "the message has no offer and no answer"));
    }

    synchronized MediaTimeout mediaTimeout() {
        DialogParties known = parties == null ? new DialogParties() : parties;
        return new MediaTimeout(session.callId(), session.callerTag(), known.caller(), known.callee());
    }
}

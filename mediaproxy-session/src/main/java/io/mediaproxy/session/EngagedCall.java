package io.mediaproxy.session;

import io.mediaproxy.session.sip.SipMessageView;
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

    /** The dispatcher takes no longer tag (bytes), so that there is nothing to keep of a callee that has one. */
    private static final int MAX_TAG = 256;

    private static final List<String> MAY_CARRY_SDP =
            List.of(SipMethod.INVITE, SipMethod.ACK, SipMethod.PRACK, SipMethod.UPDATE);

    private final CallSession session;
    private final CallAttributes attributes;
    private final long dialogTimeout;
    private final long earlyDialogTimeout;
    private final @Nullable DialogParties parties;

    /** A leg that the server made itself, with a Call-ID of its own. */
    private record Leg(String callId, String ownTag) {}

    /** The dialog with one of those who answered. */
    private record Answered(String callId, String tag) {}

    private long inviteCseq;
    private boolean answered;
    private boolean cancelled;
    /** Those that were not hung up on. */
    private List<Answered> dialogs = List.of();

    private List<Leg> legs = List.of();
    /** The callee's tag in a BYE that came before any answer. */
    private String hungUpEarly = "";

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

    synchronized void joined(String callId, String ownTag) {
        legs = plus(legs, new Leg(callId, ownTag));
    }

    synchronized List<String> joinedCallIds() {
        return legs.stream().map(Leg::callId).toList();
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
    synchronized CompletableFuture<MediaProxyResult> follow(SipMessageView message, CallFields fields) {
        try {
            if (isOwn(message, fields)) {
                return message.method().equals(SipMethod.BYE) && message.isRequest() ? bye(fields) : passed();
            }
            return message.isRequest() ? request(message, fields) : reply(message, fields);
        } finally {
            session.touch(answered ? dialogTimeout : cancelled ? CANCEL_TIMEOUT.toNanos() : earlyDialogTimeout);
        }
    }

    /** What the server itself says on a leg of its own tells nothing new: its SDP leads to the relay, its CSeq counts that leg. */
    private boolean isOwn(SipMessageView message, CallFields fields) {
        return legs.contains(new Leg(fields.callId(), fields.senderTag(message)));
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
            default -> sdp(message, fields);
        };
    }

    private CompletableFuture<MediaProxyResult> invite(SipMessageView message, CallFields fields, Side from) {
        long cseq = fields.cseqNumber();
        if (fields.to().tag().isEmpty() && cseq > inviteCseq) {
            // The first one, or the same with credentials: then the refusal of the one before is not the end.
            inviteCseq = cseq;
            cancelled = false;
        }
        if (message.bodyLength() == 0) {
            session.inviteWithoutOffer(from, cseq);
        }
        return sdp(message, fields);
    }

    /**
     * Before it is answered, the INVITE's own reply will say how the call ended (RFC 3261 15.1.2): a refusal, or, where they cross, a
     * 2xx of a dialog that is over already.
     */
    private CompletableFuture<MediaProxyResult> bye(CallFields fields) {
        String fromTag = fields.from().tag();
        String toTag = fields.to().tag();
        if (!answered) {
            String calleeTag = fromTag.equals(session.callerTag()) ? toTag : fromTag;
            hungUpEarly = calleeTag.length() > MAX_TAG ? "" : calleeTag;
            return cancel();
        }
        return hungUp(fields.callId(), fromTag, toTag);
    }

    /**
     * The dialog of these two tags is over. Several callees of a fork may have answered: the last one ends the call, and those that
     * lost count for nothing.
     */
    synchronized CompletableFuture<MediaProxyResult> hungUp(String callId, String oneTag, String otherTag) {
        if (!answered) {
            return passed();
        }
        List<Answered> left = new ArrayList<>(dialogs);
        boolean known = left.removeAll(List.of(new Answered(callId, oneTag), new Answered(callId, otherTag)));
        boolean lost =
                !known && dialogs.stream().anyMatch(dialog -> dialog.callId().equals(callId));
        if (lost) {
            return passed();
        }
        dialogs = List.copyOf(left);
        return left.isEmpty() || !known ? session.end() : passed();
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
            parties.success(session.sender(message, fields), message, fields);
        }
        if (success && invite) {
            answered(fields.callId(), fields.to().tag());
            if (dialogs.isEmpty() && !hungUpEarly.isEmpty()) {
                return session.end();
            }
            if (message.bodyLength() == 0) {
                return session.answered(message, fields, attributes);
            }
        }
        return sdp(message, fields);
    }

    private void answered(String callId, String tag) {
        answered = true;
        // One string for all dialogs of the call: every message brings a copy of its own.
        Answered dialog = new Answered(callId.equals(session.callId()) ? session.callId() : callId, tag);
        if (!tag.isEmpty()
                && tag.length() <= MAX_TAG
                && !tag.equals(session.callerTag())
                && !tag.equals(hungUpEarly)
                && !dialogs.contains(dialog)
                && dialogs.size() < MAX_ANSWERED) {
            dialogs = plus(dialogs, dialog);
        }
    }

    private CompletableFuture<MediaProxyResult> refused(SipMessageView message, CallFields fields) {
        Side requester = session.sender(message, fields).other();
        if (legs.isEmpty()) {
            session.refused(requester, fields.cseqNumber());
        } else {
            session.refusedOnAnotherLeg(requester);
        }
        boolean invite = message.method().equals(SipMethod.INVITE);
        return invite ? inviteOver(fields.callId(), fields.cseqNumber()) : passed();
    }

    /**
     * An INVITE has got its last reply: if nobody has answered, and it is not one before the last, the call is over. A server that
     * was refused on a leg of its own may try another one.
     */
    synchronized CompletableFuture<MediaProxyResult> inviteOver(String callId, long cseq) {
        boolean last = callId.equals(session.callId()) && cseq >= inviteCseq;
        return answered || !last ? passed() : session.end();
    }

    private CompletableFuture<MediaProxyResult> sdp(SipMessageView message, CallFields fields) {
        return message.bodyLength() > 0 && MAY_CARRY_SDP.contains(message.method())
                ? session.relay(message, fields, attributes)
                : passed();
    }

    private static <T> List<T> plus(List<T> list, T one) {
        List<T> more = new ArrayList<>(list);
        more.add(one);
        return List.copyOf(more);
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

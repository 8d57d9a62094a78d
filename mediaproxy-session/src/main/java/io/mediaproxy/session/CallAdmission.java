package io.mediaproxy.session;

import io.mediaproxy.protocol.RemoveCommand;
import io.mediaproxy.protocol.log.Excerpt;
import io.mediaproxy.session.sip.SipMessageView;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Decides in which of three ways a call is relayed, since they cannot be mixed on one call: by single messages
 * ({@code use_media_proxy}), by following it ({@code engage_media_proxy}), or by its server ({@link MediaSession}).
 * Thread-safe.
 */
final class CallAdmission {
    private final CallSessions sessions;
    private final EngagedCalls calls;
    private final SessionLedger ledger;
    private final MessageCalls messageCalls = new MessageCalls();
    private final boolean tracksParties;

    /** @param tracksParties whether media timeouts may be reported for engaged calls */
    CallAdmission(CallSessions sessions, EngagedCalls calls, SessionLedger ledger, boolean tracksParties) {
        this.sessions = sessions;
        this.calls = calls;
        this.ledger = ledger;
        this.tracksParties = tracksParties;
    }

    /** Returns why the call of a message cannot be relayed by single messages; null if it can. */
    @Nullable MediaProxyResult refusalOfMessages(SipMessageView message, CallFields fields) {
        CallSession session = sessions.find(fields.callId());
        boolean followed = session != null && (!session.isEngaged() || calls.find(message, fields) != null);
        return followed
                ? MediaProxyResult.failed("call " + Excerpt.name(fields.callId())
                        + " is engaged, or has a MediaSession: "
                        + "use_media_proxy and end_media_session cannot be mixed with that")
                : null;
    }

    /** Returns the {@code call_id} of the session of a call that is relayed by single messages. */
    String nameOfMessages(SipMessageView message, CallFields fields) {
        if (fields.beginsCall(message)) {
            CallSession engaged = sessions.find(fields.callId());
            if (engaged != null) {
                messageCalls.begin(fields.callId(), engaged.id().callerTag()); // which has the plain one
            }
            messageCalls.begin(fields.callId(), fields.from().tag());
        }
        return messageCalls.name(
                fields.callId(), fields.from().tag(), fields.to().tag());
    }

    /**
     * Begins to follow a call; see {@link MediaProxy#engageMediaProxyAsync}.
     *
     * @throws RuntimeException if a header field does not fit the protocol, or from the view
     */
    CompletableFuture<MediaProxyResult> engage(SipMessageView invite, CallAttributes attributes) {
        CallFields fields = CallFields.of(invite);
        if (!fields.beginsCall(invite)) {
            return failed(
                    "engage_media_proxy is for the INVITE that begins a call: with a Call-ID, a CSeq, a From tag and"
                            + " no To tag");
        }
        EngagedCall known = calls.find(invite, fields);
        if (known != null) { // a retransmission, or the same with credentials
            return calls.follow(known, RelayedMessage.of(invite, fields, known.attributes()));
        }
        RelayedMessage message = RelayedMessage.of(invite, fields, attributes);
        return calls.joinPassedOn(message) ? CompletableFuture.completedFuture(EngagedCalls.PASSED_ON) : begin(message);
    }

    private CompletableFuture<MediaProxyResult> begin(RelayedMessage invite) {
        CallKey key =
                new CallKey(invite.fields().callId(), invite.fields().from().tag());
        CompletableFuture<MediaProxyResult> result = calls.begin(key, invite, () -> {
            CallSession session = openEngaged(key);
            return session == null ? null : new EngagedCall(key, session, invite.attributes(), tracksParties);
        });
        return result == null
                ? failed("call " + Excerpt.name(key.callId())
                        + " has a session already: engage_media_proxy cannot be mixed with the other functions")
                : result;
    }

    /** Returns null if the call is relayed in another way. */
    private @Nullable CallSession openEngaged(CallKey key) {
        String name = messageCalls.isOfAnother(key.callId(), key.fromTag()) && isRelayedByMessages(key.callId())
                ? MessageCalls.nameOfAnother(key.callId(), key.fromTag())
                : key.callId();
        checkRemovable(name, key.fromTag());
        if (isRelayedByMessages(name)) {
            return null;
        }
        CallSession session = sessions.open(name, key.fromTag(), true);
        if (session.isEngaged() && !session.id().callerTag().equals(key.fromTag())) {
            String another = MessageCalls.nameOfAnother(key.callId(), key.fromTag());
            checkRemovable(another, key.fromTag());
            session = sessions.open(another, key.fromTag(), true);
        }
        return session.isEngaged() ? session : null;
    }

    /** Opens a session for a server; see {@link MediaProxy#session}. */
    CallSession open(String callId, String fromTag) {
        checkRemovable(callId, fromTag);
        if (isRelayedByMessages(callId)) {
            throw new IllegalStateException(
                    "call " + Excerpt.name(callId) + " has a session by use_media_proxy already");
        }
        CallSession session = sessions.open(callId, fromTag, false);
        if (session.isEngaged()) {
            throw new IllegalStateException(
                    "call " + Excerpt.name(callId) + " is engaged: it cannot be given offers and answers too");
        }
        String callerTag = session.id().callerTag();
        if (!callerTag.equals(fromTag)) {
            throw new IllegalStateException("call " + Excerpt.name(callId) + " has the From tag "
                    + Excerpt.name(callerTag) + ", not " + Excerpt.name(fromTag));
        }
        return session;
    }

    private boolean isRelayedByMessages(String callId) {
        return sessions.find(callId) == null && ledger.hasSession(callId);
    }

    /** A call whose session could not be removed is not begun, and takes no memory. */
    private static void checkRemovable(String callId, String fromTag) {
        RemoveCommand unused = new RemoveCommand(callId, fromTag, "");
    }

    private static CompletableFuture<MediaProxyResult> failed(String reason) {
        return CompletableFuture.completedFuture(MediaProxyResult.failed(reason));
    }
}

package io.mediaproxy.session;

import io.mediaproxy.protocol.RemoveCommand;
import io.mediaproxy.session.sip.SipMessageView;
import java.util.concurrent.CompletableFuture;

/** {@code engage_media_proxy}, and its counterpart for servers that follow their calls by themselves. */
final class EngageMediaProxy {
    private final MediaSessions sessions;
    private final EngagedCalls calls;
    private final SessionLedger ledger;

    EngageMediaProxy(MediaSessions sessions, EngagedCalls calls, SessionLedger ledger) {
        this.sessions = sessions;
        this.calls = calls;
        this.ledger = ledger;
    }

    CompletableFuture<MediaProxyResult> call(SipMessageView invite, CallAttributes attributes) {
        try {
            return engage(invite, attributes);
        } catch (RuntimeException e) { // of a header field that does not fit the wire, or of the view
            return CompletableFuture.completedFuture(MediaProxyResult.failed(e));
        }
    }

    private CompletableFuture<MediaProxyResult> engage(SipMessageView invite, CallAttributes attributes) {
        CallFields fields = CallFields.of(invite);
        String callId = fields.callId();
        String fromTag = fields.from().tag();
        boolean beginsCall = invite.isRequest()
                && invite.method().equals(SipMethod.INVITE)
                && fields.to().tag().isEmpty()
                && !fromTag.isEmpty()
                && !callId.isEmpty()
                && fields.hasCseqNumber();
        if (!beginsCall) {
            return failed(
                    "engage_media_proxy is for the INVITE that begins a call: with a Call-ID, a CSeq, a From tag and"
                            + " no To tag");
        }
        if (calls.isEngaged(callId)) {
            return calls.followAsync(invite); // a retransmission, or the same with credentials
        }
        checkRemovable(callId, fromTag);
        CallSession session = sessions.find(callId) == null && ledger.hasSession(callId)
                ? null
                : sessions.open(callId, fromTag, true);
        if (session == null || !session.isEngaged()) {
            return failed("call " + callId
                    + " has a session already: engage_media_proxy cannot be mixed with the other functions");
        }
        return calls.begin(new EngagedCall(session, attributes, sessions.config(), sessions.hasDialogIds()), invite);
    }

    /** What the dispatcher could not be told to remove is not begun, and takes no memory. */
    private static void checkRemovable(String callId, String fromTag) {
        RemoveCommand unused = new RemoveCommand(callId, fromTag, "");
    }

    /** See {@link MediaProxy#session}. */
    CallSession session(String callId, String fromTag) {
        checkRemovable(callId, fromTag);
        if (sessions.find(callId) == null && ledger.hasSession(callId)) {
            throw new IllegalStateException("call " + callId + " has a session by use_media_proxy already");
        }
        CallSession session = calls.isEngaged(callId) ? null : sessions.open(callId, fromTag, false);
        if (session == null || session.isEngaged()) {
            throw new IllegalStateException(
                    "call " + callId + " is engaged: it cannot be given offers and answers too");
        }
        if (!session.callerTag().equals(fromTag)) {
            throw new IllegalStateException(
                    "call " + callId + " has the From tag " + session.callerTag() + ", not " + fromTag);
        }
        return session;
    }

    private static CompletableFuture<MediaProxyResult> failed(String reason) {
        return CompletableFuture.completedFuture(MediaProxyResult.failed(reason));
    }
}

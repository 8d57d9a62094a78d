package io.mediaproxy.session;

import io.mediaproxy.protocol.RemoveCommand;
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
    private final MediaProxyConfig config;
    private final boolean tracksParties;

    /** @param tracksParties whether media timeouts may be reported for engaged calls */
    CallAdmission(
            CallSessions sessions,
            EngagedCalls calls,
            SessionLedger ledger,
            MediaProxyConfig config,
            boolean tracksParties) {
        this.sessions = sessions;
        this.calls = calls;
        this.ledger = ledger;
        this.config = config;
        this.tracksParties = tracksParties;
    }

    /** Returns why a call cannot be relayed by single messages; null if it can. */
    @Nullable MediaProxyResult refusalOfMessages(String callId) {
        return sessions.find(callId) == null
                ? null
                : MediaProxyResult.failed("call " + callId + " is engaged, or has a MediaSession: use_media_proxy and"
                        + " end_media_session cannot be mixed with that");
    }

    /**
     * Begins to follow a call; see {@link MediaProxy#engageMediaProxyAsync}.
     *
     * @throws RuntimeException if a header field does not fit the protocol, or from the view
     */
    CompletableFuture<MediaProxyResult> engage(SipMessageView invite, CallAttributes attributes) {
        CallFields fields = CallFields.of(invite);
        if (!beginsCall(invite, fields)) {
            return failed(
                    "engage_media_proxy is for the INVITE that begins a call: with a Call-ID, a CSeq, a From tag and"
                            + " no To tag");
        }
        String callId = fields.callId();
        if (calls.isEngaged(callId)) {
            return calls.followAsync(invite); // a retransmission, or the same with credentials
        }
        String callerTag = fields.from().tag();
        checkRemovable(callId, callerTag);
        CallSession session = isRelayedByMessages(callId) ? null : sessions.open(callId, callerTag, true);
        if (session == null || !session.isEngaged()) {
            return failed("call " + callId
                    + " has a session already: engage_media_proxy cannot be mixed with the other functions");
        }
        return calls.begin(new EngagedCall(session, attributes, config, tracksParties), invite, fields);
    }

    private static boolean beginsCall(SipMessageView message, CallFields fields) {
        return message.isRequest()
                && message.method().equals(SipMethod.INVITE)
                && fields.to().tag().isEmpty()
                && !fields.from().tag().isEmpty()
                && !fields.callId().isEmpty()
                && fields.hasCseqNumber();
    }

    /** Opens a session for a server; see {@link MediaProxy#session}. */
    CallSession open(String callId, String fromTag) {
        checkRemovable(callId, fromTag);
        if (isRelayedByMessages(callId)) {
            throw new IllegalStateException("call " + callId + " has a session by use_media_proxy already");
        }
        CallSession session = calls.isEngaged(callId) ? null : sessions.open(callId, fromTag, false);
        if (session == null || session.isEngaged()) {
            throw new IllegalStateException(
                    "call " + callId + " is engaged: it cannot be given offers and answers too");
        }
        String callerTag = session.id().callerTag();
        if (!callerTag.equals(fromTag)) {
            throw new IllegalStateException("call " + callId + " has the From tag " + callerTag + ", not " + fromTag);
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

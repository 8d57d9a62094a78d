package io.mediaproxy.session;

import io.mediaproxy.protocol.CommandRefusedException;
import io.mediaproxy.protocol.DispatcherClient;
import io.mediaproxy.protocol.DispatcherReply;
import io.mediaproxy.protocol.RemoveCommand;
import io.mediaproxy.protocol.UpdateCommand;
import io.mediaproxy.session.sip.SipMessageView;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code end_media_session}: removes a call's session, now or, when the dispatcher cannot be reached, later. */
final class EndMediaSession {
    private static final Logger LOG = LoggerFactory.getLogger(EndMediaSession.class);

    private final DispatcherClient client;
    private final SessionLedger ledger;
    private final KeptRemovals kept;

    EndMediaSession(DispatcherClient client, SessionLedger ledger, KeptRemovals kept) {
        this.client = client;
        this.ledger = ledger;
        this.kept = kept;
    }

    CompletableFuture<MediaProxyResult> call(SipMessageView message) {
        try {
            CallFields fields = CallFields.of(message);
            return remove(fields.callId(), fields.from().tag(), fields.to().tag());
        } catch (RuntimeException e) { // of the message's view, of a value that does not fit
            return CompletableFuture.completedFuture(MediaProxyResult.failed(e));
        }
    }

    /** @throws CommandRefusedException if a value does not fit the wire */
    CompletableFuture<MediaProxyResult> remove(String callId, String fromTag, String toTag) {
        RemoveCommand command = new RemoveCommand(callId, fromTag, toTag);
        ledger.ended(command.callId());
        return client.remove(command).handle((reply, thrown) -> {
            MediaProxyResult result = thrown == null ? answered(reply) : undelivered(command, thrown);
            LOG.debug("remove of call {}: {}", command.callId(), result);
            return result;
        });
    }

    /** An update left a session behind that its call does not use. */
    void removeOrphan(UpdateCommand update) {
        LOG.info("removing the session that an abandoned update of call {} made", update.callId());
        CompletableFuture<MediaProxyResult> unused = remove(update.callId(), update.fromTag(), update.toTag());
    }

    private static MediaProxyResult answered(DispatcherReply reply) {
        return reply instanceof DispatcherReply.Removed
                ? MediaProxyResult.of(Outcome.REMOVED, "the session is removed")
                : MediaProxyResult.of(Outcome.UNKNOWN_SESSION, "the dispatcher knows no such session");
    }

    private MediaProxyResult undelivered(RemoveCommand command, Throwable thrown) {
        MediaProxyResult failed = Updates.failed(thrown);
        return kept.keep(command) ? failed.as(Outcome.REMOVAL_QUEUED) : failed;
    }

    /** The call has a session: a removal of an earlier one that is still kept must not hit it. */
    void sessionMade(String callId) {
        kept.forget(callId);
    }
}

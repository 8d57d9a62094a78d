package io.mediaproxy.session;

import io.mediaproxy.protocol.CommandRefusedException;
import io.mediaproxy.protocol.DispatcherReply;
import io.mediaproxy.protocol.RemoveCommand;
import io.mediaproxy.protocol.UpdateCommand;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code end_media_session}: removes a call's session, at once or, if the dispatcher cannot be reached, later.
 * Thread-safe.
 */
final class Removals {
    private static final Logger LOG = LoggerFactory.getLogger(Removals.class);

    private final Dispatchers dispatchers;
    private final SessionLedger ledger;
    private final PendingRemovals pending;

    Removals(Dispatchers dispatchers, SessionLedger ledger, PendingRemovals pending) {
        this.dispatchers = dispatchers;
        this.ledger = ledger;
        this.pending = pending;
    }

    /** @throws CommandRefusedException if a value does not fit the protocol */
    CompletableFuture<MediaProxyResult> remove(String callId, String fromTag, String toTag) {
        RemoveCommand command = new RemoveCommand(callId, fromTag, toTag);
        ledger.callEnded(command.callId());
        return dispatchers.remove(command).handle((reply, thrown) -> {
            MediaProxyResult result = thrown == null ? delivered(reply) : undelivered(command, thrown);
            LOG.debug("remove of call {}: {}", command.callId(), result);
            return result;
        });
    }

    /** Removes a session that an update made and that its call does not use. */
    void removeOrphan(UpdateCommand update) {
        LOG.info("removing the session that an abandoned update of call {} made", update.callId());
        CompletableFuture<MediaProxyResult> unused = remove(update.callId(), update.fromTag(), update.toTag());
    }

    private static MediaProxyResult delivered(DispatcherReply reply) {
        return reply instanceof DispatcherReply.Removed
                ? MediaProxyResult.of(Outcome.REMOVED, "the session is removed")
                : MediaProxyResult.of(Outcome.UNKNOWN_SESSION, "the dispatcher knows no such session");
    }

    private MediaProxyResult undelivered(RemoveCommand command, Throwable thrown) {
        MediaProxyResult failed = Updates.failed(thrown);
        return pending.add(command) ? failed.withOutcome(Outcome.REMOVAL_QUEUED) : failed;
    }

    /** Drops the pending removals of a call that has a session again, so that they do not remove the new one. */
    void drop(String callId) {
        pending.drop(callId);
    }
}

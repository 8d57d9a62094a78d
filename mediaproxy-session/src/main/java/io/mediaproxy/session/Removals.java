package io.mediaproxy.session;

import io.mediaproxy.protocol.CommandRefusedException;
import io.mediaproxy.protocol.DispatcherReply;
import io.mediaproxy.protocol.RemoveCommand;
import io.mediaproxy.protocol.UpdateCommand;
import io.mediaproxy.protocol.log.CountedLine;
import io.mediaproxy.protocol.log.Excerpt;
import io.mediaproxy.protocol.log.Log;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * {@code end_media_session}: removes a call's session, at once or, if the dispatcher cannot be reached or has lost it,
 * later. Thread-safe.
 */
final class Removals {
    private static final Log LOG = Log.of(Removals.class);

    private final Dispatchers dispatchers;
    private final SessionLedger ledger;
    private final PendingRemovals pending;
    private final MessageOffers offers;
    private final CountedLine orphanLine;

    /** @param offers of the calls that are relayed by single messages */
    Removals(
            Dispatchers dispatchers,
            SessionLedger ledger,
            PendingRemovals pending,
            MessageOffers offers,
            LongSupplier nanoTime) {
        this.dispatchers = dispatchers;
        this.ledger = ledger;
        this.pending = pending;
        this.offers = offers;
        this.orphanLine = LOG.counted(Level.INFO, nanoTime);
    }

    /**
     * Removes the session of a call that is relayed by single messages.
     *
     * @throws CommandRefusedException if a value does not fit the protocol
     */
    CompletableFuture<MediaProxyResult> remove(String callId, String fromTag, String toTag) {
        RemoveCommand command = new RemoveCommand(callId, fromTag, toTag);
        synchronized (ledger.turn(callId)) {
            boolean hadSession = ledger.callEnded(callId);
            LastUpdate lastUpdate = offers.end(callId);
            return remove(command, hadSession ? lastUpdate : null, hadSession);
        }
    }

    /**
     * Removes the session of a call that is followed.
     *
     * @param lastUpdate null if it had no relay, or the relay has ended its session
     * @throws CommandRefusedException if a value does not fit the protocol
     */
    CompletableFuture<MediaProxyResult> remove(
            String callId, String fromTag, String toTag, @Nullable LastUpdate lastUpdate) {
        RemoveCommand command = new RemoveCommand(callId, fromTag, toTag);
        synchronized (ledger.turn(callId)) {
            boolean unused = ledger.callEnded(callId);
            return remove(command, lastUpdate, lastUpdate != null);
        }
    }

    private CompletableFuture<MediaProxyResult> remove(
            RemoveCommand command, @Nullable LastUpdate lastUpdate, boolean hadSession) {
        return dispatchers.remove(command).handle((reply, thrown) -> {
            MediaProxyResult result;
            if (thrown != null) {
                MediaProxyResult failed = Updates.failed(thrown);
                result = pending.add(command, lastUpdate, hadSession)
                        ? failed.withOutcome(Outcome.REMOVAL_QUEUED)
                        : failed;
            } else if (reply instanceof DispatcherReply.Removed) {
                result = MediaProxyResult.of(Outcome.REMOVED, "the session is removed");
            } else {
                boolean again = hadSession && pending.addLost(command, lastUpdate);
                result = MediaProxyResult.of(
                        Outcome.UNKNOWN_SESSION,
                        again
                                ? "the dispatcher knows no such session, but the call had a relay: tried again later"
                                : "the dispatcher knows no such session");
            }
            LOG.debug("remove of call {}: {}", Excerpt.name(command.callId()), result);
            return result;
        });
    }

    /** Removes the session that a late update of this call made, if there is one that the call does not use. */
    void removeOrphan(UpdateCommand update) {
        RemoveCommand command = new RemoveCommand(update.callId(), update.fromTag(), update.toTag());
        synchronized (ledger.turn(update.callId())) {
            if (!ledger.endOrphan(update.callId())) {
                return;
            }
            LastUpdate unusedUpdate = offers.end(update.callId());
            CompletableFuture<MediaProxyResult> unused = remove(command, null, false);
        }
        orphanLine.log("removing the session that an abandoned update of call {} made", Excerpt.name(update.callId()));
    }

    /** Drops the pending removals of a call that has a session again, so that they do not remove the new one. */
    void drop(String callId) {
        pending.drop(callId);
    }
}

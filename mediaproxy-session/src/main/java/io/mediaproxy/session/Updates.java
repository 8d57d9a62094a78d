package io.mediaproxy.session;

import io.mediaproxy.protocol.DispatcherReply;
import io.mediaproxy.protocol.UpdateCommand;
import io.mediaproxy.protocol.log.Excerpt;
import io.mediaproxy.protocol.log.Log;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Sends updates and records in the {@link SessionLedger} the sessions that they make. Thread-safe. */
final class Updates {
    private static final Log LOG = Log.of(Updates.class);

    /** Makes the result for the message from the dispatcher's reply. */
    interface ReplyReader {
        MediaProxyResult read(DispatcherReply reply);
    }

    private final Dispatchers dispatchers;
    private final SessionLedger ledger;
    private final Removals removals;
    private final AccountingLimits accounting = new AccountingLimits();

    Updates(Dispatchers dispatchers, SessionLedger ledger, Removals removals) {
        this.dispatchers = dispatchers;
        this.ledger = ledger;
        this.removals = removals;
    }

    /**
     * Sends one update.
     *
     * @param onLate called if the update succeeded after its caller had given up: the relay has a session that the
     *     ledger does not know
     * @return completes with the result of the reader, or with the failure; never exceptionally
     */
    CompletableFuture<MediaProxyResult> send(UpdateCommand command, ReplyReader reader, Runnable onLate) {
        String callId = command.callId();
        accounting.check(command);
        long start = System.nanoTime();
        CompletableFuture<DispatcherReply> sent;
        synchronized (ledger.turn(callId)) {
            ledger.updateSent(callId);
            sent = dispatchers.update(command, endpoints -> onLate.run());
        }
        return sent.handle((reply, thrown) -> {
            MediaProxyResult result = thrown == null ? reader.read(reply) : failed(thrown);
            if (reply instanceof DispatcherReply.Endpoints) {
                if (ledger.updateSucceeded(callId)) {
                    removals.drop(callId);
                }
            } else {
                ledger.updateFailed(callId);
                removals.removeOrphan(command);
            }
            LOG.debug(
                    "update of call {} after {} us: {}",
                    Excerpt.name(callId),
                    (System.nanoTime() - start) / 1000,
                    result);
            return result;
        });
    }

    /** Removes the session that a late update made, unless its call uses it. */
    void removeUnlessUsed(UpdateCommand late) {
        ledger.updateSucceededLate(late.callId());
        removals.removeOrphan(late);
    }

    static MediaProxyResult failed(Throwable thrown) {
        Throwable cause = thrown instanceof CompletionException ? cause(thrown) : thrown;
        if (cause instanceof RuntimeException failure) {
            return MediaProxyResult.failed(failure);
        }
        throw new CompletionException(cause);
    }

    private static Throwable cause(Throwable thrown) {
        @Nullable Throwable cause = thrown.getCause();
        return cause == null ? thrown : cause;
    }
}

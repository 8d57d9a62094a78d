package io.mediaproxy.session;

import io.mediaproxy.protocol.DispatcherClient;
import io.mediaproxy.protocol.DispatcherReply;
import io.mediaproxy.protocol.UpdateCommand;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends updates, and keeps account of the sessions that they make. Safe for use by many threads. */
final class Updates {
    private static final Logger LOG = LoggerFactory.getLogger(Updates.class);

    /** What the dispatcher's reply means for the message. */
    interface ReplyReader {
        MediaProxyResult read(DispatcherReply reply);
    }

    private final DispatcherClient client;
    private final SessionLedger ledger;
    private final EndMediaSession end;

    Updates(DispatcherClient client, SessionLedger ledger, EndMediaSession end) {
        this.client = client;
        this.ledger = ledger;
        this.end = end;
    }

    /**
     * Completes with what the reader makes of the reply, or with the failure; never exceptionally.
     *
     * @param isFollowed whether something else removes the session that a late reply made; asked when it comes
     */
    CompletableFuture<MediaProxyResult> send(UpdateCommand command, ReplyReader reader, BooleanSupplier isFollowed) {
        String callId = command.callId();
        ledger.updateSent(callId);
        long start = System.nanoTime();
        return client.update(command, late -> succeededLate(command, isFollowed))
                .handle((reply, thrown) -> {
                    MediaProxyResult result = thrown == null ? reader.read(reply) : failed(thrown);
                    if (reply instanceof DispatcherReply.Endpoints) {
                        ledger.updateSucceeded(callId);
                        end.sessionMade(callId);
                    } else if (ledger.updateFailed(callId)) {
                        end.removeOrphan(command);
                    }
                    LOG.debug("update of call {} after {} us: {}", callId, (System.nanoTime() - start) / 1000, result);
                    return result;
                });
    }

    private void succeededLate(UpdateCommand command, BooleanSupplier isFollowed) {
        if (!isFollowed.getAsBoolean() && ledger.updateSucceededLate(command.callId())) {
            end.removeOrphan(command);
        }
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

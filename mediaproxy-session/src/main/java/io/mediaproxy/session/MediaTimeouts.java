package io.mediaproxy.session;

import io.mediaproxy.protocol.backchannel.MediaTimeoutListener;
import io.mediaproxy.protocol.log.CountedLine;
import io.mediaproxy.protocol.log.Excerpt;
import io.mediaproxy.protocol.log.Log;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.event.Level;

/**
 * Lets the application end a call whose media stopped, and removes its session; but not if all live streams have ICE on
 * both sides, since their media may have left the relay for a direct path. Thread-safe.
 */
final class MediaTimeouts implements MediaTimeoutListener {
    private static final Log LOG = Log.of(MediaTimeouts.class);

    private final CallSessions sessions;
    private final CountedLine endLine;
    private final boolean endsIceCalls;
    private volatile Consumer<MediaTimeout> handler = timeout -> {};

    /** @param endsIceCalls whether calls with ICE are ended all the same */
    MediaTimeouts(CallSessions sessions, boolean endsIceCalls, LongSupplier nanoTime) {
        this.endLine = LOG.counted(Level.INFO, nanoTime);
        this.sessions = sessions;
        this.endsIceCalls = endsIceCalls;
    }

    void handler(Consumer<MediaTimeout> newHandler) {
        handler = newHandler;
    }

    @Override
    public Optional<Runnable> onMediaTimeout(String dialogId) {
        CallSession session = sessions.findByDialogId(dialogId);
        return session == null ? Optional.empty() : Optional.of(() -> end(session));
    }

    /** Ends a call whose media stopped; blocks as long as the handler does. */
    void end(CallSession session) {
        if (session.hasEnded()) {
            return; // a BYE came first
        }
        if (!endsIceCalls && session.exchanges().hasIceOnAllStreams()) {
            LOG.debug(
                    "call {}: continues without media at the relay, since ICE may have found another path",
                    Excerpt.name(session.id().callId()));
            return;
        }
        endLine.log(
                "call {}: ended, since its media stopped",
                Excerpt.name(session.id().callId()));
        session.mediaStopped();
        try {
            handler.accept(session.mediaTimeout());
        } finally {
            CompletableFuture<MediaProxyResult> unused = session.end();
        }
    }
}

package io.mediaproxy.session;

import io.mediaproxy.protocol.backchannel.MediaTimeoutListener;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets the application end a call whose media stopped, and removes its session. Thread-safe. */
final class MediaTimeouts implements MediaTimeoutListener {
    private static final Logger LOG = LoggerFactory.getLogger(MediaTimeouts.class);

    private final CallSessions sessions;
    private final EngagedCalls engaged;
    private volatile Consumer<MediaTimeout> handler = timeout -> {};

    MediaTimeouts(CallSessions sessions, EngagedCalls engaged) {
        this.sessions = sessions;
        this.engaged = engaged;
    }

    void handler(Consumer<MediaTimeout> newHandler) {
        handler = newHandler;
    }

    @Override
    public Optional<Runnable> onMediaTimeout(String dialogId) {
        CallSession session = sessions.findByDialogId(dialogId);
        return session == null ? Optional.empty() : Optional.of(() -> end(session));
    }

    private void end(CallSession session) {
        if (session.hasEnded()) {
            return; // a BYE came first
        }
        LOG.info("call {}: ended, since its media stopped", session.id().callId());
        try {
            handler.accept(engaged.mediaTimeout(session));
        } finally {
            CompletableFuture<MediaProxyResult> unused = session.end();
        }
    }
}

package io.mediaproxy.cli.demo;

import io.mediaproxy.jainsip.JainSipMediaProxy;
import io.mediaproxy.sdp.SdpEdits;
import io.mediaproxy.session.MediaProxy;
import io.mediaproxy.session.MediaProxyResult;
import io.mediaproxy.session.Outcome;
import io.mediaproxy.session.sip.SipMessageView;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import javax.sip.SipListener;

/** Engaged calls, and what is to be shown of them: what became of each SDP, and whether the session was removed. Thread-safe. */
final class WatchedMedia implements UnaryOperator<SipListener>, AutoCloseable {
    private final MediaProxy mediaProxy;
    private final List<SdpChange> changes = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> failed = new CompletableFuture<>();
    private final CompletableFuture<Outcome> ended = new CompletableFuture<>();

    /** The {@link MediaProxy} stays the caller's to close, after this. */
    WatchedMedia(MediaProxy mediaProxy) {
        this.mediaProxy = mediaProxy;
        mediaProxy.engagedCalls().onResult(this::see);
        mediaProxy.engagedCalls().onEnded((callId, removal) -> {
            CompletableFuture<?> unused = removal.thenAccept(result -> ended.complete(result.outcome()));
        });
    }

    @Override
    public SipListener apply(SipListener proxy) {
        return new JainSipMediaProxy(mediaProxy).engage(proxy);
    }

    private void see(SipMessageView message, MediaProxyResult result) {
        if (message.bodyLength() > 0) {
            changes.add(change(message, result));
        }
        if (result.outcome() == Outcome.FAILED) {
            failed.complete(null);
        }
    }

    private static SdpChange change(SipMessageView message, MediaProxyResult result) {
        String before =
                new String(message.bodyArray(), message.bodyOffset(), message.bodyLength(), StandardCharsets.UTF_8);
        return new SdpChange(
                message.isRequest() ? message.method() : String.valueOf(message.statusCode()),
                result.outcome() == Outcome.REWRITTEN,
                result.reason(),
                before,
                result.body()
                        .map(body -> new String(body, StandardCharsets.UTF_8))
                        .orElse(before),
                result.edits().map(SdpEdits::explain).orElse(List.of()));
    }

    /** The session descriptions that came by so far. */
    List<SdpChange> changes() {
        return List.copyOf(changes);
    }

    /** Completes with what came of the removal of the first call's session. */
    CompletableFuture<Outcome> ended() {
        return ended;
    }

    /** Completes when a message goes on without the relay, because it or the dispatcher failed. */
    CompletableFuture<Void> failed() {
        return failed;
    }

    /** Removes the sessions of calls that were broken off. */
    @Override
    public void close() {
        mediaProxy.engagedCalls().endAllAsync().join();
    }
}

package io.mediaproxy.cli.demo;

import io.mediaproxy.sdp.SdpEdits;
import io.mediaproxy.session.MediaProxy;
import io.mediaproxy.session.MediaProxyResult;
import io.mediaproxy.session.Outcome;
import io.mediaproxy.session.sip.SipMessageView;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Watches engaged calls for the report: the change of each SDP, and the removal of the session. Thread-safe. */
final class WatchedMedia implements AutoCloseable {
    private final MediaProxy mediaProxy;
    private final List<SdpChange> changes = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> failed = new CompletableFuture<>();
    private final CompletableFuture<Outcome> ended = new CompletableFuture<>();

    /** @param mediaProxy remains the caller's to close, after this */
    WatchedMedia(MediaProxy mediaProxy) {
        this.mediaProxy = mediaProxy;
        mediaProxy.engagedCalls().onResult(this::see);
        mediaProxy.engagedCalls().onEnded((call, removal) -> {
            CompletableFuture<?> unused = removal.thenAccept(result -> ended.complete(result.outcome()));
        });
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

    /** The session descriptions so far. */
    List<SdpChange> changes() {
        return List.copyOf(changes);
    }

    /** Completes with the result of the removal of the first call's session. */
    CompletableFuture<Outcome> ended() {
        return ended;
    }

    /** Completes when a message is forwarded without the relay, because it or the dispatcher failed. */
    CompletableFuture<Void> failed() {
        return failed;
    }

    /** Removes the sessions of interrupted calls, unless the dispatcher does not answer. */
    @Override
    public void close() {
        mediaProxy
                .engagedCalls()
                .endAllAsync()
                .completeOnTimeout(null, 5, TimeUnit.SECONDS)
                .join();
    }
}

package io.mediaproxy.cli.demo;

import io.mediaproxy.jainsip.JainSipMediaProxy;
import io.mediaproxy.sdp.SdpEdits;
import io.mediaproxy.session.CallAttributes;
import io.mediaproxy.session.MediaProxy;
import io.mediaproxy.session.MediaProxyResult;
import io.mediaproxy.session.Outcome;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sip.header.CSeqHeader;
import javax.sip.header.CallIdHeader;
import javax.sip.message.Message;
import javax.sip.message.Request;
import javax.sip.message.Response;

/**
 * The media part of the proxy's routing script: {@code useMediaProxy} for every message of a call, {@code endMediaSession} for the
 * one that ends it. Keeps what was done, for the report. Thread-safe.
 */
final class RelayHook implements MediaHook, AutoCloseable {
    private enum Stage {
        CALLING,
        ANSWERED,
        ENDED
    }

    private final JainSipMediaProxy mediaProxy;
    /** By Call-ID. A call that has ended stays: a 2xx that comes once more must not open a session that nobody removes. */
    private final Map<String, Stage> calls = new ConcurrentHashMap<>();

    private final Map<String, Request> invites = new ConcurrentHashMap<>();
    private final List<SdpChange> changes = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> removed = new CompletableFuture<>();
    private final CompletableFuture<Void> failed = new CompletableFuture<>();

    /** The {@link MediaProxy} stays the caller's to close, after this. */
    RelayHook(MediaProxy mediaProxy) {
        this.mediaProxy = new JainSipMediaProxy(mediaProxy);
    }

    @Override
    public CompletionStage<Void> before(Message message, InetSocketAddress source) {
        String callId = ((CallIdHeader) message.getHeader(CallIdHeader.NAME)).getCallId();
        Stage stage = calls.getOrDefault(callId, Stage.CALLING);
        if (stage == Stage.ENDED) {
            return CompletableFuture.completedFuture(null);
        }
        Stage now = next(stage, message);
        calls.put(callId, now);
        if (now == Stage.ENDED) {
            invites.remove(callId);
            return end(message);
        }
        if (message instanceof Request request && request.getMethod().equals(Request.INVITE)) {
            invites.putIfAbsent(callId, request);
        }
        return use(message, source.getAddress().getHostAddress());
    }

    /** A BYE ends a call; so does a refusal, unless it refuses a change of a call that was answered before. */
    private static Stage next(Stage stage, Message message) {
        if (message instanceof Request request) {
            return request.getMethod().equals(Request.BYE) ? Stage.ENDED : stage;
        }
        int status = ((Response) message).getStatusCode();
        if (!method(message).equals(Request.INVITE) || status < 200) {
            return stage;
        }
        return status >= 300 && stage == Stage.CALLING ? Stage.ENDED : Stage.ANSWERED;
    }

    private CompletionStage<Void> use(Message message, String source) {
        String before = body(message);
        return mediaProxy
                .useMediaProxyAsync(message, source, CallAttributes.NONE)
                .thenAccept(result -> {
                    if (!before.isEmpty()) {
                        changes.add(change(message, before, result));
                    }
                    if (result.outcome() == Outcome.FAILED) {
                        failed.complete(null);
                    }
                });
    }

    private CompletionStage<Void> end(Message message) {
        return mediaProxy.endMediaSessionAsync(message).thenAccept(result -> {
            if (result.outcome() == Outcome.REMOVED) {
                removed.complete(null);
            }
        });
    }

    private static SdpChange change(Message message, String before, MediaProxyResult result) {
        String label = message instanceof Response response
                ? response.getStatusCode() + " " + response.getReasonPhrase()
                : method(message);
        return new SdpChange(
                label,
                result.outcome() == Outcome.REWRITTEN,
                result.reason(),
                before,
                body(message),
                result.edits().map(SdpEdits::explain).orElse(List.of()));
    }

    private static String method(Message message) {
        return ((CSeqHeader) message.getHeader(CSeqHeader.NAME)).getMethod();
    }

    private static String body(Message message) {
        byte[] content = message.getRawContent();
        return content == null ? "" : new String(content, StandardCharsets.UTF_8);
    }

    /** The session descriptions that came by so far. */
    List<SdpChange> changes() {
        return List.copyOf(changes);
    }

    /** Whether the dispatcher has confirmed that a session is removed. */
    boolean sessionRemoved() {
        return removed.isDone();
    }

    /** Completes when a message goes on without the relay, because it or the dispatcher failed. */
    CompletableFuture<Void> failed() {
        return failed;
    }

    /** Removes the sessions of calls that were broken off. */
    @Override
    public void close() {
        invites.forEach((callId, invite) -> {
            calls.put(callId, Stage.ENDED);
            end(invite).toCompletableFuture().join();
        });
        invites.clear();
    }
}

package io.mediaproxy.session;

import io.mediaproxy.session.sip.SipMessageView;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The module's {@code disable}: does nothing, and every result is {@link Outcome#DISABLED}. Thread-safe. */
final class DisabledFunctions implements Functions, MediaSession.Actions {
    private static final MediaProxyResult DISABLED =
            MediaProxyResult.of(Outcome.DISABLED, "mediaproxy is disabled, nothing was done");

    private final EngagedCalls engagedCalls = new EngagedCalls(
            new CallLimit(2, System::nanoTime), session -> CompletableFuture.completedFuture(null), DISABLED);

    private static CompletableFuture<MediaProxyResult> disabled() {
        return CompletableFuture.completedFuture(DISABLED);
    }

    @Override
    public CompletableFuture<MediaProxyResult> use(SipMessageView message, CallAttributes attributes) {
        return disabled();
    }

    @Override
    public CompletableFuture<MediaProxyResult> end(SipMessageView message) {
        return disabled();
    }

    @Override
    public CompletableFuture<MediaProxyResult> engage(SipMessageView invite, CallAttributes attributes) {
        return disabled();
    }

    @Override
    public EngagedCalls engagedCalls() {
        return engagedCalls;
    }

    @Override
    public MediaSession.Actions session(String callId, String fromTag) {
        return this;
    }

    @Override
    public CompletableFuture<MediaProxyResult> offer(SipMessageView message, CallAttributes attributes) {
        return disabled();
    }

    @Override
    public CompletableFuture<MediaProxyResult> answer(SipMessageView message, CallAttributes attributes) {
        return disabled();
    }

    @Override
    public CompletableFuture<MediaProxyResult> end() {
        return disabled();
    }

    @Override
    public void onMediaTimeout(Consumer<MediaTimeout> handler) {
        // No call is ever followed.
    }

    @Override
    public boolean hasBackChannel() {
        return false;
    }

    @Override
    public @Nullable Dispatchers dispatchers() {
        return null;
    }

    @Override
    public int pendingRemovals() {
        return 0;
    }

    @Override
    public Counters counters() {
        return new Counters(0, 0, 0, 0, 0, 0);
    }

    @Override
    public void runPeriodicWork() {
        // There is none.
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}

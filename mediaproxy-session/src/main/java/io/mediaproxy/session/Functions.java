package io.mediaproxy.session;

import io.mediaproxy.session.sip.SipMessageView;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The functions of {@link MediaProxy}, connected to a dispatcher or disabled. Thread-safe. */
interface Functions extends AutoCloseable {
    CompletableFuture<MediaProxyResult> use(SipMessageView message, CallAttributes attributes);

    CompletableFuture<MediaProxyResult> end(SipMessageView message);

    CompletableFuture<MediaProxyResult> engage(SipMessageView invite, CallAttributes attributes);

    EngagedCalls engagedCalls();

    MediaSession.Actions session(String callId, String fromTag);

    void onMediaTimeout(Consumer<MediaTimeout> handler);

    boolean hasBackChannel();

    /** Returns null if disabled. */
    @Nullable Dispatchers dispatchers();

    int pendingRemovals();

    Counters counters();

    void runPeriodicWork();

    @Override
    void close();
}

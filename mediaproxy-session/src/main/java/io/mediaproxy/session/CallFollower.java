package io.mediaproxy.session;

import java.util.concurrent.CompletableFuture;

/** Follows the call of a {@link CallSession}. Thread-safe. */
interface CallFollower {
    /** Called once, when the session has ended, with the result of the removal. */
    void sessionEnded(CompletableFuture<MediaProxyResult> removal);

    /** Returns the call, whose media stopped, as its messages show it. */
    MediaTimeout mediaTimeout();
}

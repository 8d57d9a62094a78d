package io.mediaproxy.embedded.report;

/**
 * Receives the figures of every session that ends, as MediaProxy's accounting does. Confined to the dispatcher thread.
 */
@FunctionalInterface
public interface SessionListener {

    /**
     * Called when a session was removed or timed out. The dispatcher executes no command until it returns; an exception
     * is logged.
     *
     * @param statistics of the session at its end
     */
    void onSessionEnded(SessionStatistics statistics);
}

package io.mediaproxy.embedded.report;

/** Hears of every session that ends, as MediaProxy's accounting does. */
@FunctionalInterface
public interface SessionListener {

    /** A session was removed or ran out; called on the dispatcher's thread, which serves nobody meanwhile. */
    void onSessionEnded(SessionStatistics statistics);
}

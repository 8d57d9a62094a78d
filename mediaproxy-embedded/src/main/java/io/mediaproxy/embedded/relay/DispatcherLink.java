package io.mediaproxy.embedded.relay;

import io.mediaproxy.embedded.report.SessionStatistics;

/** The dispatcher's end of the link to a relay. Confined to the relay thread. */
public interface DispatcherLink {
    /**
     * A session ended because its media stopped.
     *
     * @param statistics of the session at its end
     */
    void expired(SessionStatistics statistics);

    /** The relay closed. */
    void disconnected();
}

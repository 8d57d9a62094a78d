package io.mediaproxy.embedded.relay;

import io.mediaproxy.embedded.report.SessionStatistics;

/** The dispatcher's end of the link to a relay. Confined to the relay thread. */
public interface DispatcherLink {
    /**
     * Returns the dispatcher at this end. A dispatcher that was restarted is the same one, as for the real relay, which
     * identifies it by its address.
     *
     * @return the path of its socket
     */
    String dispatcher();

    /**
     * A session that this dispatcher created ended because its media stopped.
     *
     * @param statistics of the session at its end
     */
    void expired(SessionStatistics statistics);

    /** The relay closed. */
    void disconnected();
}

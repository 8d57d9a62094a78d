package io.mediaproxy.embedded.relay;

import io.mediaproxy.embedded.report.SessionStatistics;

/** The reply of a relay to one command. */
public sealed interface RelayReply {
    /**
     * A line for the client: ports, {@code None}, JSON.
     *
     * @param text without a line end
     */
    record Line(String text) implements RelayReply {}

    /**
     * A session was removed.
     *
     * @param statistics of the session at its end
     */
    record Removed(SessionStatistics statistics) implements RelayReply {}

    /** There is no line for the client. For a new call the dispatcher tries another relay. */
    enum Failure implements RelayReply {
        /** The relay refused the command. */
        ERROR,
        /** The relay accepts no new sessions. */
        HALTING,
        /** The relay is closed. */
        DISCONNECTED
    }
}

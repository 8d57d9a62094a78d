package io.mediaproxy.embedded.relay;

import io.mediaproxy.embedded.report.SessionStatistics;

/** What a relay tells the dispatcher about one command. */
public sealed interface RelayReply {
    /** A line for the client: ports, {@code None}, JSON. */
    record Line(String text) implements RelayReply {}

    /** A session was removed; these were its figures. */
    record Removed(SessionStatistics statistics) implements RelayReply {}

    /** No line for the client: another relay may be tried. */
    enum Failure implements RelayReply {
        /** The relay answered {@code error}. */
        ERROR,
        /** The relay takes no new sessions. */
        HALTING,
        /** The relay is gone. */
        DISCONNECTED
    }
}

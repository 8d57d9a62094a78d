package io.mediaproxy.session;

import io.mediaproxy.protocol.UpdateCommand;
import java.time.Duration;

/**
 * Lets a dispatcher find the session of a call again that it has lost, by a restart of it or of its connection to the
 * relay: the relay keeps the session, and the dispatcher asks the relay that the update names. Thread-safe.
 *
 * @param command with the call's last streams, its last CSeq and its relay
 * @param relayTimeout after which the relay has ended the session of a silent call by itself
 */
record LastUpdate(UpdateCommand command, Duration relayTimeout) {
    /** The relay's timer for streams on hold ({@code on_hold_timeout}), its longest. */
    static final Duration ON_HOLD = Duration.ofHours(2);

    /** Longer than the relay's timer for other streams ({@code stream_timeout}, 90 s by default). */
    static final Duration STREAM = Duration.ofMinutes(10);

    /** Returns the relay's address, as its replies have it. */
    String relay() {
        return command.mediaRelay();
    }
}

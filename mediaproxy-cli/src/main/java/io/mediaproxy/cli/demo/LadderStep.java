package io.mediaproxy.cli.demo;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * One SIP message on the wire, as the proxy saw it.
 *
 * @param millis since the first message
 * @param message the method; of a reply status and reason, and the method if it is not INVITE
 * @param sdp whether it carried a session description
 */
record LadderStep(double millis, Party from, Party to, String message, boolean sdp) {
    /** Who sends and who receives; one of the two is the proxy. */
    enum Party {
        CALLER,
        PROXY,
        CALLEE;

        @JsonValue
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}

package io.mediaproxy.cli.demo;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * One SIP message between the proxy and a phone.
 *
 * @param millis since the first message
 * @param message the method; for a response status and reason, with the method unless it is INVITE
 * @param sdp whether it carried a session description
 */
record LadderStep(double millis, Party from, Party to, String message, boolean sdp) {
    /** A sender or receiver; one of the two is the proxy. */
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

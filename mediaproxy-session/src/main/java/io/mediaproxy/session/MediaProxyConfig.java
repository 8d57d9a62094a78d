package io.mediaproxy.session;

import io.mediaproxy.sdp.IceCandidate;
import io.mediaproxy.sdp.RelayEndpoints;
import io.mediaproxy.session.sip.SipMessageView;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BiFunction;

/**
 * The module's parameters for calls, and how the attributes of one call override them. Thread-safe.
 *
 * @param signalingIp chooses the address to send for a message
 * @param mediaRelay IPv4 address of the relay; if empty, the dispatcher chooses
 * @param iceCandidate for calls whose attributes name none
 * @param dialogTimeout maximum silence of a call that was answered
 * @param earlyDialogTimeout maximum silence of a call that was not answered yet
 * @param maxEngagedCalls at least 2; at most half of them may be unanswered
 * @param endsIceCalls whether a media timeout also ends a call whose live streams all have ICE on both sides
 */
record MediaProxyConfig(
        BiFunction<SipMessageView, CallAttributes, String> signalingIp,
        String mediaRelay,
        IceCandidate iceCandidate,
        Duration dialogTimeout,
        Duration earlyDialogTimeout,
        int maxEngagedCalls,
        boolean endsIceCalls) {

    /**
     * @throws IllegalArgumentException if a timeout is not positive, the relay is no IPv4 address, or there is no room
     *     for a call
     */
    MediaProxyConfig {
        if (!mediaRelay.isEmpty()) {
            RelayEndpoints.of(mediaRelay); // here and not call by call
        }
        requirePositive("dialogTimeout", dialogTimeout);
        requirePositive("earlyDialogTimeout", earlyDialogTimeout);
        if (maxEngagedCalls < 2) {
            throw new IllegalArgumentException("maxEngagedCalls must be at least 2, got " + maxEngagedCalls);
        }
    }

    private static void requirePositive(String name, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(name + " must be more than 0, got " + value);
        }
    }

    String signalingIp(SipMessageView message, CallAttributes attributes) {
        return Objects.requireNonNull(signalingIp.apply(message, attributes), "no signaling_ip for this message");
    }

    /**
     * Returns the relay to ask for: the one that the call has comes first, since another one would leave its session
     * behind and move its media.
     *
     * @param known empty if the call has none
     */
    String mediaRelay(CallAttributes attributes, String known) {
        if (!known.isEmpty()) {
            return known;
        }
        String own = attributes.mediaRelay();
        return own == null ? mediaRelay : own;
    }

    IceCandidate iceCandidate(CallAttributes attributes) {
        IceCandidate own = attributes.iceCandidate();
        return own == null ? iceCandidate : own;
    }
}

package io.mediaproxy.session;

import io.mediaproxy.sdp.IceCandidate;
import org.jspecify.annotations.Nullable;

/**
 * What is special about one call: the values that a routing script keeps in the module's AVPs. What is null comes from the
 * configuration of the {@link MediaProxy}.
 *
 * @param signalingIp the address that the relay's statistics and its choice of relay go by, or {@code source_destination}, or
 *     a JSON object (the module's {@code signaling_ip_avp})
 * @param mediaRelay IPv4 address of the relay to use, as the dispatcher knows it (the module's {@code media_relay_avp})
 * @param iceCandidate the module's {@code ice_candidate_avp}
 */
public record CallAttributes(
        @Nullable String signalingIp,
        @Nullable String mediaRelay,
        @Nullable IceCandidate iceCandidate) {
    /** Everything as configured. */
    public static final CallAttributes NONE = new CallAttributes(null, null, null);

    /** The same attributes with another {@code signaling_ip}. */
    public CallAttributes withSignalingIp(String value) {
        return new CallAttributes(value, mediaRelay, iceCandidate);
    }

    /** The same attributes with another {@code media_relay}. */
    public CallAttributes withMediaRelay(String value) {
        return new CallAttributes(signalingIp, value, iceCandidate);
    }

    /** The same attributes with another {@code ice_candidate}. */
    public CallAttributes withIceCandidate(IceCandidate value) {
        return new CallAttributes(signalingIp, mediaRelay, value);
    }
}

package io.mediaproxy.session;

import io.mediaproxy.protocol.Signaling;
import io.mediaproxy.sdp.IceCandidate;
import org.jspecify.annotations.Nullable;

/**
 * Values of one call that override the configuration of {@link MediaProxy}; a routing script keeps them in the module's
 * AVPs. A null value is taken from the configuration. Thread-safe.
 *
 * @param signalingIp the address for the dispatcher's statistics and its choice of a relay, or
 *     {@code source_destination}, or a JSON object as {@link Signaling} makes one (the module's
 *     {@code signaling_ip_avp})
 * @param mediaRelay IPv4 address of the relay to use, under which the dispatcher knows it (the module's
 *     {@code media_relay_avp})
 * @param iceCandidate the module's {@code ice_candidate_avp}
 */
public record CallAttributes(
        @Nullable String signalingIp,
        @Nullable String mediaRelay,
        @Nullable IceCandidate iceCandidate) {
    /** Everything as configured. */
    public static final CallAttributes NONE = new CallAttributes(null, null, null);

    /**
     * Returns the same attributes with another {@code signaling_ip}.
     *
     * @param value as {@link #signalingIp()}
     * @return a copy
     */
    public CallAttributes withSignalingIp(String value) {
        return new CallAttributes(value, mediaRelay, iceCandidate);
    }

    /**
     * Returns the same attributes with another {@code signaling_ip}, for all messages of a call. The relay reads it
     * only when it creates the session: it has to be the same, or not to matter, in the later messages.
     *
     * @param value addresses and user name
     * @return a copy
     */
    public CallAttributes withSignaling(Signaling value) {
        return withSignalingIp(value.headerValue());
    }

    /**
     * Returns the same attributes with another {@code media_relay}.
     *
     * @param value as {@link #mediaRelay()}
     * @return a copy
     */
    public CallAttributes withMediaRelay(String value) {
        return new CallAttributes(signalingIp, value, iceCandidate);
    }

    /**
     * Returns the same attributes with another {@code ice_candidate}.
     *
     * @param value as {@link #iceCandidate()}
     * @return a copy
     */
    public CallAttributes withIceCandidate(IceCandidate value) {
        return new CallAttributes(signalingIp, mediaRelay, value);
    }
}

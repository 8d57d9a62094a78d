package io.mediaproxy.session;

import io.mediaproxy.sdp.IceCandidate;
import java.util.Objects;
import java.util.function.BiFunction;

/**
 * The module's parameters that are about calls, and how the attributes of one call override them.
 *
 * @param signalingIp gives the address to tell for a message
 * @param mediaRelay empty: the dispatcher chooses
 * @param iceCandidate for calls whose attributes name none
 */
record MediaProxyConfig(
        BiFunction<SipMessageView, CallAttributes, String> signalingIp, String mediaRelay, IceCandidate iceCandidate) {

    String signalingIp(SipMessageView message, CallAttributes attributes) {
        return Objects.requireNonNull(signalingIp.apply(message, attributes), "no signaling_ip for this message");
    }

    String mediaRelay(CallAttributes attributes) {
        String own = attributes.mediaRelay();
        return own == null ? mediaRelay : own;
    }

    IceCandidate iceCandidate(CallAttributes attributes) {
        IceCandidate own = attributes.iceCandidate();
        return own == null ? iceCandidate : own;
    }
}

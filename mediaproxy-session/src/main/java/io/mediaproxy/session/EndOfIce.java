package io.mediaproxy.session;

import org.jspecify.annotations.Nullable;

/**
 * Recognises the messages that end ICE: a request with {@code a=remote-candidates} and the responses to it, up to the
 * next request with SDP or the next offer of a server. Not thread-safe.
 */
final class EndOfIce {
    private @Nullable Side endedBy;

    /** Whether a message with SDP is one of them. */
    boolean includes(RelayedMessage message, Side sender, SdpRole role) {
        if (message.isRequest()) {
            endedBy = message.sdp().endsIce() ? sender : null;
            return endedBy != null;
        }
        if (role == SdpRole.OFFER) {
            endedBy = null; // the response to the request that ends ICE is no offer
        }
        return endedBy == sender.other();
    }

    /** A request without SDP came. */
    void isOver() {
        endedBy = null;
    }
}

package io.mediaproxy.session;

import io.mediaproxy.protocol.DispatcherReply;
import io.mediaproxy.protocol.MediaProxyException;
import io.mediaproxy.sdp.IceCandidate;
import io.mediaproxy.sdp.RelayEndpoints;

/**
 * A message with SDP of a followed call whose update was sent. Not thread-safe.
 *
 * @param pairing of its exchange
 * @param offer whether it is an offer; if not, it is an answer
 */
record SentMessage(
        RelayedMessage message,
        Side sender,
        RelayState.Update update,
        RelayPairing pairing,
        boolean offer,
        IceCandidate candidate) {

    /** Plans the dispatcher's reply into the body. */
    MediaProxyResult rewritten(DispatcherReply reply) {
        return message.sdp().rewritten(reply, update.ports(), offer, candidate);
    }

    /**
     * Plans the ports that a message with the same streams had before into the body.
     *
     * @param failure the result without them
     * @return the failure if the dispatcher is not the reason for it, or if the ports do not fit
     */
    MediaProxyResult withPortsAsBefore(RelayEndpoints before, MediaProxyResult failure) {
        if (failure.failure().filter(MediaProxyException.class::isInstance).isEmpty()) {
            return failure;
        }
        MediaProxyResult kept = message.sdp().rewritten(before, candidate);
        return kept.returnCode() == 1
                ? kept.withOutcome(
                        Outcome.KEPT_RELAY,
                        "relay " + before + " as before, since the dispatcher gave none: " + failure.reason())
                : failure;
    }
}

package io.mediaproxy.session;

import io.mediaproxy.protocol.MediaStream;
import io.mediaproxy.protocol.UpdateCommand;
import io.mediaproxy.sdp.RelayEndpoints;
import io.mediaproxy.session.OfferAnswer.Exchange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * State of one call at the relay, as of the last update and its reply. No other class knows it, so this one makes the
 * next update. Not thread-safe.
 */
final class RelayState {
    private final SessionId id;
    private final UpdateCommands commands;

    private String calleeTag = "";
    /** Address of the relay as of its last reply; empty if the call has none yet. */
    private String address = "";
    /** Of the last exchange. */
    private @Nullable RelayPairing pairing;

    private boolean updated;

    private final AgreedStreams agreed = new AgreedStreams();

    /** An update, and how many of the ports in its reply belong to its message. */
    record Update(UpdateCommand command, int ports) {}

    RelayState(SessionId id, UpdateCommands commands) {
        this.id = id;
        this.commands = commands;
    }

    /** Whether an update was made for an SDP: the relay may have a session of this call. */
    boolean isUpdated() {
        return updated;
    }

    boolean hasRelay() {
        return !address.isEmpty();
    }

    /** Returns the callee's tag of the last update; empty if it had none. */
    String calleeTag() {
        return calleeTag;
    }

    /** Returns the pairing of an exchange, a new one if it is not the last exchange. */
    RelayPairing pairing(Exchange exchange) {
        RelayPairing known = pairing;
        if (known == null || !known.exchange().equals(exchange)) {
            known = new RelayPairing(exchange);
            pairing = known;
        }
        return known;
    }

    /**
     * Makes the update for a message: with the names of the call's session, the tags and the CSeq of the exchange, and
     * the relay that the call has.
     *
     * @throws RuntimeException if a value does not fit the protocol, or from the application's {@code signalingIp}
     */
    Update update(RelayedMessage message, Side sender, Exchange exchange) {
        Side requester = exchange.requester();
        AddressHeader from = message.fields().from();
        AddressHeader to = message.fields().to();
        // From and To of a message are the requester's and the other's, unless it is a request that answers a request.
        boolean turned = message.isRequest() && requester != sender;
        String callee = calleeTag(sender, message);
        AgreedStreams.Media media = media(message, sender, exchange);
        UpdateCommand command = commands.describe(
                        requester == sender ? UpdateCommand.Type.REQUEST : UpdateCommand.Type.REPLY, message, address)
                .dialogId(id.dialogId())
                .callId(id.callId())
                .cseq(Long.toString(exchange.cseq()))
                .fromUri(turned ? to.uri() : from.uri())
                .toUri(turned ? from.uri() : to.uri())
                .fromTag(requester == Side.CALLER ? id.callerTag() : callee)
                .toTag(requester == Side.CALLEE ? id.callerTag() : UpdateCommands.finalTag(message, callee))
                .media(media.streams())
                .build();
        calleeTag = callee; // now that it is known to fit the protocol, and a removal with it
        agreed.sent(media);
        updated |= message.hasSdp();
        return new Update(command, media.ports());
    }

    private AgreedStreams.Media media(RelayedMessage message, Side sender, Exchange exchange) {
        if (!message.hasSdp()) {
            return AgreedStreams.NO_MEDIA;
        }
        List<MediaStream> streams = message.sdp().streams();
        return exchange.offerer() == sender ? agreed.offer(sender, streams) : agreed.answer(streams);
    }

    /** Whether the call has live streams, and all of them have ICE on both sides: media may have left the relay. */
    boolean hasIceOnAllStreams() {
        return agreed.haveIce();
    }

    /** The callee's tag as in this message, or else as in the last update: a fork has several. */
    private String calleeTag(Side sender, RelayedMessage message) {
        String tag = sender == Side.CALLEE ? message.senderTag() : "";
        if (!tag.isEmpty()) {
            return tag;
        }
        return calleeTag.isEmpty() && sender == Side.CALLER ? message.receiverTag() : calleeTag;
    }

    /**
     * Notes the ports that the relay gave for an SDP.
     *
     * @return a message for the log if the other side of the exchange has ports of another session, or else null
     */
    @Nullable String updated(RelayPairing exchanged, boolean offer, RelayEndpoints relay, long now) {
        address = relay.address();
        if (offer) {
            exchanged.offered(relay, now);
            return null;
        }
        return exchanged.answered(relay, now);
    }
}

package io.mediaproxy.session;

import io.mediaproxy.protocol.MediaStream;
import io.mediaproxy.protocol.UpdateCommand;
import io.mediaproxy.sdp.RelayEndpoints;
import io.mediaproxy.session.OfferAnswer.Exchange;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * State of one call at the relay, as of the last update and its reply. No other class knows it, so this one makes the
 * next update. Not thread-safe.
 */
final class RelayState {
    /** More callees of one fork are not brought back. */
    private static final int MAX_OTHER_CALLEES = 8;

    private final SessionId id;
    private final UpdateCommands commands;

    private String calleeTag = "";
    /** Address of the relay as of its last reply; empty if the call has none yet. */
    private String address = "";
    /** Of the last exchange. */
    private @Nullable RelayPairing pairing;

    private boolean updated;

    private final AgreedStreams agreed = new AgreedStreams();

    /** Streams that a callee described. */
    private record Described(String calleeTag, List<MediaStream> streams) {}

    /** The callee who described his streams last; empty if none did. */
    private String calleeAtRelay = "";

    private List<MediaStream> streamsOfCallee = List.of();
    /** Of the other callees of a fork. */
    private List<Described> otherCallees = List.of();

    /** Ports that the relay gave in the SDP of each party, and the {@link Update#places} that they are for. */
    private @Nullable RelayEndpoints callerPorts;

    private @Nullable RelayEndpoints calleePorts;
    private long callerPlaces;
    private long calleePlaces;

    /** An update, and how many of the ports in its reply belong to its message. */
    record Update(UpdateCommand command, int ports) {
        /** Returns the same number for messages whose streams have the same types, addresses and ports. */
        long places() {
            List<MediaStream> media = command.media();
            long places = 1;
            for (MediaStream stream : media.subList(0, Math.min(ports, media.size()))) {
                places = 31 * places + stream.type().hashCode();
                places = 1_000_003 * places + stream.address().hashCode();
                places = 1_000_003 * places + stream.port();
            }
            return places;
        }
    }

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

    /** Whether the relay is with another callee than this one, whose streams it had before. */
    boolean hasLeft(String otherCalleeTag) {
        return find(otherCalleeTag) != null;
    }

    /** Returns the tag of the callee whose streams the relay has; empty if it has none. */
    String calleeAtRelay() {
        return calleeAtRelay;
    }

    private @Nullable Described find(String otherCalleeTag) {
        for (Described other : otherCallees) {
            if (other.calleeTag().equals(otherCalleeTag)) {
                return other;
            }
        }
        return null;
    }

    /**
     * Makes the update for a message: with the names of the call's session, the tags and the CSeq of the exchange, and
     * the relay that the call has.
     *
     * @throws RuntimeException if a value does not fit the protocol
     */
    Update update(RelayedMessage message, Side sender, Exchange exchange) {
        String callee = calleeTag(sender, message);
        List<MediaStream> own = message.hasSdp() ? message.sdp().streams() : List.of();
        AgreedStreams.Media media = !message.hasSdp()
                ? AgreedStreams.NO_MEDIA
                : exchange.offerer() == sender ? agreed.offer(sender, own) : agreed.answer(sender, own);
        Update update = update(message, sender, sender, exchange, callee, media);
        if (sender == Side.CALLEE && message.hasSdp()) {
            isWith(callee, List.copyOf(own));
        }
        return update;
    }

    /**
     * Makes the update that brings the relay back to a callee of a fork whom it {@linkplain #hasLeft has left}.
     *
     * @param message the reason for it, of any party
     * @throws RuntimeException as {@link #update}
     */
    Update back(RelayedMessage message, Side sender, Exchange exchange, String otherCalleeTag) {
        Described described = Objects.requireNonNull(find(otherCalleeTag));
        AgreedStreams.Media media = agreed.again(described.streams());
        Update update = update(message, sender, Side.CALLEE, exchange, otherCalleeTag, media);
        isWith(otherCalleeTag, described.streams());
        return update;
    }

    /** @param party whose streams they are */
    private Update update(
            RelayedMessage message,
            Side sender,
            Side party,
            Exchange exchange,
            String callee,
            AgreedStreams.Media media) {
        Side requester = exchange.requester();
        AddressHeader from = message.fields().from();
        AddressHeader to = message.fields().to();
        // From and To of a message are the requester's and the other's, unless it is a request that answers a request.
        boolean turned = message.isRequest() && requester != sender;
        UpdateCommand command = commands.describe(
                        requester == party ? UpdateCommand.Type.REQUEST : UpdateCommand.Type.REPLY, message, address)
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
        updated |= !media.streams().isEmpty();
        return new Update(command, media.ports());
    }

    /** Returns the update that leads a dispatcher to the call's relay again; null if the call has none. */
    @Nullable LastUpdate lastUpdate() {
        RelayPairing last = pairing;
        if (!hasRelay() || last == null || agreed.lastOffered().isEmpty()) {
            return null;
        }
        Exchange exchange = last.exchange();
        boolean byCaller = exchange.requester() == Side.CALLER || calleeTag.isEmpty();
        UpdateCommand.Type type =
                exchange.requester() == exchange.offerer() ? UpdateCommand.Type.REQUEST : UpdateCommand.Type.REPLY;
        UpdateCommand command = UpdateCommand.builder(type)
                .callId(id.callId())
                .cseq(Long.toString(exchange.cseq()))
                .fromTag(byCaller ? id.callerTag() : calleeTag)
                .toTag(byCaller ? calleeTag : id.callerTag())
                .signalingIp(address)
                .mediaRelay(address)
                .media(agreed.lastOffered())
                .build();
        return new LastUpdate(command, agreed.mayBeOnHold() ? LastUpdate.ON_HOLD : LastUpdate.STREAM);
    }

    /**
     * Returns the update that shows whether the relay still has the session; null if the last offer is not answered.
     */
    @Nullable MediaCheck mediaCheck() {
        RelayPairing last = pairing;
        LastUpdate update = lastUpdate();
        RelayEndpoints offered = last == null ? null : last.agreedOffer();
        return last == null || update == null || offered == null
                ? null
                : new MediaCheck(update.command(), last, offered);
    }

    boolean isLast(RelayPairing exchange) {
        return exchange == pairing;
    }

    private void isWith(String callee, List<MediaStream> streams) {
        if (!callee.equals(calleeAtRelay)) {
            List<Described> others = new ArrayList<>(otherCallees);
            others.removeIf(other -> other.calleeTag().equals(callee));
            if (!calleeAtRelay.isEmpty()) {
                others.add(new Described(calleeAtRelay, streamsOfCallee));
            }
            if (others.size() > MAX_OTHER_CALLEES) {
                others.remove(0);
            }
            otherCallees = List.copyOf(others);
        }
        calleeAtRelay = callee;
        streamsOfCallee = streams;
    }

    /**
     * Notes the ports that are in the rewritten SDP of one party. If those of an offer are new, its answer gets new
     * ones too, whatever its streams are.
     */
    void gave(Side describer, boolean offer, Update update, RelayEndpoints ports) {
        if (offer && !Objects.equals(ports, describer == Side.CALLER ? callerPorts : calleePorts)) {
            callerPorts = null;
            calleePorts = null;
        }
        if (describer == Side.CALLER) {
            callerPorts = ports;
            callerPlaces = update.places();
        } else {
            calleePorts = ports;
            calleePlaces = update.places();
        }
    }

    /** Returns the ports of the last SDP of one party if its streams are the same; null if not. */
    @Nullable RelayEndpoints portsBefore(Side describer, Update update) {
        boolean same = (describer == Side.CALLER ? callerPlaces : calleePlaces) == update.places();
        return same ? (describer == Side.CALLER ? callerPorts : calleePorts) : null;
    }

    /** Whether the call has live streams, and all of them have ICE on both sides: media may have left the relay. */
    boolean hasIceOnAllStreams() {
        return agreed.haveIce();
    }

    /**
     * Returns the callee's tag of a message, or else of the last update: a fork has several. What the caller sends to a
     * B2BUA has a tag that the relay does not know.
     */
    private String calleeTag(Side sender, RelayedMessage message) {
        if (sender == Side.CALLEE) {
            return message.senderTag().isEmpty() ? calleeTag : message.senderTag();
        }
        return calleeTag.isEmpty() || hasLeft(message.receiverTag()) ? message.receiverTag() : calleeTag;
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

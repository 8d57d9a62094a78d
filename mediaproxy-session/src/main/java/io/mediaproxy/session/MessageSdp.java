package io.mediaproxy.session;

import io.mediaproxy.protocol.DispatcherReply;
import io.mediaproxy.protocol.MediaStream;
import io.mediaproxy.sdp.IceCandidate;
import io.mediaproxy.sdp.RelayEndpoints;
import io.mediaproxy.sdp.SdpBody;
import io.mediaproxy.sdp.SdpIndex;
import io.mediaproxy.sdp.SdpRewriter;
import io.mediaproxy.sdp.SdpSyntaxException;
import io.mediaproxy.session.sip.SipMessageView;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The SDP of one message as far as a relay is concerned: what to tell the dispatcher, and what its reply makes of the body. */
final class MessageSdp {
    private static final String IP6 = "IP6";

    private final SdpBody body;
    private final SdpIndex index = new SdpIndex();
    private final @Nullable SdpSyntaxException unreadable;

    private MessageSdp(SdpBody body) {
        this.body = body;
        SdpSyntaxException wrong = null;
        if (body.isPresent()) {
            try {
                index.parse(body);
            } catch (SdpSyntaxException e) {
                wrong = e;
            }
        }
        unreadable = wrong;
    }

    static MessageSdp of(SipMessageView message) {
        return new MessageSdp(SdpBody.find(
                message.header("Content-Type"), message.bodyArray(), message.bodyOffset(), message.bodyLength()));
    }

    /** Whether the message has no SDP, and is no worse for it. */
    boolean isAbsent() {
        return body.isEmpty();
    }

    /** ICE has found its path, and the phones say so (RFC 8839 4.4.1.2). */
    boolean endsIce() {
        return index.hasRemoteCandidates();
    }

    /** Why there is nothing to ask the dispatcher for; null: there is. */
    @Nullable MediaProxyResult obstacle() {
        if (!body.isPresent()) {
            return MediaProxyResult.failed(body.reason());
        }
        if (unreadable != null) {
            return MediaProxyResult.failed(unreadable);
        }
        if (index.supportedCount() == 0) {
            return MediaProxyResult.of(
                    Outcome.NOTHING_TO_RELAY, "none of the " + index.streamCount() + " streams can be relayed");
        }
        int ipv6 = firstIpv6Line();
        return ipv6 > 0
                ? MediaProxyResult.failed(
                        "line " + ipv6 + " has an IPv6 address, and the dispatcher's protocol carries IPv4 only")
                : null;
    }

    /** The line of the first supported stream's IPv6 address, or -1. */
    private int firstIpv6Line() {
        for (int i = 0; i < index.streamCount(); i++) {
            if (index.isSupported(i) && index.addressType(i).equalsIgnoreCase(IP6)) {
                return index.addressLine(i);
            }
        }
        return -1;
    }

    /** The supported streams, as the dispatcher is told of them. */
    List<MediaStream> streams() {
        List<MediaStream> streams = new ArrayList<>(index.supportedCount());
        for (int i = 0; i < index.streamCount(); i++) {
            if (index.isSupported(i)) {
                streams.add(new MediaStream(
                        index.type(i), index.address(i), index.port(i), index.direction(i), index.hasIce(i)));
            }
        }
        return streams;
    }

    /** Whether its media go to this relay already: the message came by before, on its way through another server. */
    boolean leadsTo(RelayEndpoints relay) {
        int supported = 0;
        boolean leads = false; // disabled streams lead nowhere
        for (int i = 0; i < index.streamCount(); i++) {
            if (index.isSupported(i)) {
                boolean enabled = index.port(i) != 0;
                boolean same = supported < relay.count()
                        && index.port(i) == relay.port(supported)
                        && (!enabled || index.address(i).equals(relay.address()));
                if (!same) {
                    return false;
                }
                leads |= enabled;
                supported++;
            }
        }
        return leads;
    }

    /** Address and port of its first supported stream that has a port, in the form {@code 10.0.0.1:5004}. */
    String firstDestination() {
        for (int i = 0; i < index.streamCount(); i++) {
            if (index.isSupported(i) && index.port(i) != 0) {
                return index.address(i) + ':' + index.port(i);
            }
        }
        return "";
    }

    /**
     * What the dispatcher's reply makes of the body.
     *
     * @param offer of an offer nothing is rewritten where the relay has too few ports for it; an answer loses the streams that
     *     the offer did not have
     */
    MediaProxyResult rewritten(DispatcherReply reply, boolean offer, IceCandidate candidate) {
        if (!(reply instanceof DispatcherReply.Endpoints endpoints)) {
            return MediaProxyResult.failed(
                    "the dispatcher answered None: it knows no offer that this answers, or the CSeq is an old one");
        }
        int[] ports = endpoints.ports().stream().mapToInt(Integer::intValue).toArray();
        if (ports.length < index.supportedCount() && offer) {
            return MediaProxyResult.failed(
                    "the relay has " + ports.length + " ports for an offer of " + index.supportedCount() + " streams");
        }
        RelayEndpoints relay;
        try {
            relay = RelayEndpoints.of(endpoints.address(), ports);
        } catch (IllegalArgumentException e) {
            return MediaProxyResult.failed(e);
        }
        return rewritten(relay, candidate);
    }

    MediaProxyResult rewritten(RelayEndpoints relay, IceCandidate candidate) {
        return MediaProxyResult.planned(SdpRewriter.plan(index, relay, candidate), relay, streamsBeyond(relay.count()));
    }

    private List<Integer> streamsBeyond(int ports) {
        List<Integer> streams = new ArrayList<>();
        int supported = 0;
        for (int i = 0; i < index.streamCount(); i++) {
            if (index.isSupported(i) && supported++ >= ports) {
                streams.add(i);
            }
        }
        return List.copyOf(streams);
    }
}

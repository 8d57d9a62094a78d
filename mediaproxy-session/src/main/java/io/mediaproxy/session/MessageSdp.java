package io.mediaproxy.session;

import io.mediaproxy.protocol.DispatcherReply;
import io.mediaproxy.protocol.MediaStream;
import io.mediaproxy.sdp.BodyHeaders;
import io.mediaproxy.sdp.IceCandidate;
import io.mediaproxy.sdp.RelayEndpoints;
import io.mediaproxy.sdp.SdpBody;
import io.mediaproxy.sdp.SdpIndex;
import io.mediaproxy.sdp.SdpLimits;
import io.mediaproxy.sdp.SdpRewriter;
import io.mediaproxy.sdp.SdpSyntaxException;
import io.mediaproxy.session.sip.SipMessageView;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The SDP of one message as far as a relay is concerned: the streams to describe to the dispatcher, and the body that
 * its reply makes of them. Not thread-safe.
 *
 * <p>Each stream has one of three fates, decided when the SDP is read:
 *
 * <ul>
 *   <li>relayed: described with its address, gets the relay's; a disabled stream is one of these, without a port
 *   <li>left alone: described, so that the places of the others fit, but keeps address and port; see {@link
 *       #leaveAlone}
 *   <li>not supported by its transport: not described, keeps address and port
 * </ul>
 */
final class MessageSdp {
    private final SdpBody body;
    private final SdpIndex index = new SdpIndex();
    private final @Nullable SdpSyntaxException unreadable;

    private MessageSdp(SdpBody body, boolean request) {
        this.body = body;
        SdpSyntaxException wrong = null;
        if (body.isPresent()) {
            try {
                index.parse(body);
                if (request) {
                    leaveEndedIceAlone();
                }
            } catch (SdpSyntaxException e) {
                wrong = e;
            }
        }
        unreadable = wrong;
    }

    static MessageSdp of(SipMessageView message) {
        BodyHeaders headers = new BodyHeaders(
                message.header("Content-Type"),
                message.header("Content-Disposition"),
                message.header("Content-Encoding"));
        SdpBody body = SdpBody.find(
                headers, message.bodyArray(), message.bodyOffset(), message.bodyLength(), SdpLimits.DEFAULT);
        return new MessageSdp(body, message.isRequest());
    }

    /** ICE has found the path of these streams, and the phones have agreed on it (RFC 8839 4.4.1.2). */
    private void leaveEndedIceAlone() {
        for (int stream = 0; stream < index.streamCount(); stream++) {
            if (index.hasRemoteCandidates(stream)) {
                index.leaveAlone(stream);
            }
        }
    }

    /** Whether the message has no SDP, which is no failure. */
    boolean isAbsent() {
        return body.isEmpty();
    }

    /** Whether ICE has found the path of all live streams, so that there is nothing to ask the dispatcher for. */
    boolean endsIce() {
        boolean ends = false;
        for (int stream = 0; stream < index.streamCount(); stream++) {
            if (isLive(stream)) {
                if (!index.isLeftAlone(stream)) {
                    return false;
                }
                ends |= !index.isIpv6(stream);
            }
        }
        return ends;
    }

    /** Returns why there is nothing to ask the dispatcher for, or null if there is. */
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
        int ipv6 = 0;
        for (int stream = 0; stream < index.streamCount(); stream++) {
            if (isLive(stream) && !index.isLeftAlone(stream)) {
                return null;
            }
            if (index.isIpv6(stream) && ipv6 == 0) {
                ipv6 = index.addressLine(stream);
            }
        }
        return ipv6 > 0
                ? MediaProxyResult.failed(
                        "line " + ipv6 + " has an IPv6 address, and the dispatcher's protocol carries IPv4 only")
                : null;
    }

    private boolean isLive(int stream) {
        return index.isSupported(stream) && index.port(stream) != 0;
    }

    /** Returns the supported streams, as the dispatcher gets them. */
    List<MediaStream> streams() {
        List<MediaStream> streams = new ArrayList<>(index.supportedCount());
        for (int stream = 0; stream < index.streamCount(); stream++) {
            if (index.isSupported(stream)) {
                streams.add(new MediaStream(
                        index.type(stream),
                        index.mediaAddress(stream),
                        index.mediaPort(stream),
                        index.direction(stream),
                        index.hasIce(stream)));
            }
        }
        return streams;
    }

    /**
     * Whether the media go to this relay already: the message passed this server before, on its way through another
     * one.
     */
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

    /**
     * Returns address and port of the first supported stream with a port, such as {@code 10.0.0.1:5004}; empty if there
     * is none.
     */
    String firstDestination() {
        for (int i = 0; i < index.streamCount(); i++) {
            if (index.isSupported(i) && index.port(i) != 0) {
                return index.address(i) + ':' + index.port(i);
            }
        }
        return "";
    }

    /**
     * Rewrites the body with the ports of the dispatcher's reply.
     *
     * @param offer whether it is an offer: then nothing is rewritten if the relay has too few ports. In an answer, the
     *     streams that the offer did not have are not relayed
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

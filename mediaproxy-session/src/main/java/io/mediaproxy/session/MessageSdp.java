package io.mediaproxy.session;

import io.mediaproxy.protocol.DispatcherReply;
import io.mediaproxy.protocol.MediaStream;
import io.mediaproxy.sdp.BodyHeaders;
import io.mediaproxy.sdp.IceCandidate;
import io.mediaproxy.sdp.RelayEndpoints;
import io.mediaproxy.sdp.SdpBody;
import io.mediaproxy.sdp.SdpEdits;
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
 *   <li>left alone: described, so that the places of the others fit, but keeps address and port; see
 *       {@link #leaveAlone}
 *   <li>not supported by its transport: not described, keeps address and port
 * </ul>
 */
final class MessageSdp {
    /** Has no streams, and is never written to. */
    private static final SdpIndex NO_STREAMS = new SdpIndex();

    private final SdpBody body;
    private final SdpIndex index;
    private final @Nullable SdpSyntaxException unreadable;

    private MessageSdp(SdpBody body, boolean request) {
        this.body = body;
        this.index = body.isPresent() ? new SdpIndex() : NO_STREAMS;
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

    /** Whether the message has no SDP, whatever else its body has, so that it is neither an offer nor an answer. */
    boolean isAbsent() {
        return body.isAbsent();
    }

    /** Returns the module's result for a message without SDP: -2 without a body, -1 with another body. */
    MediaProxyResult absence() {
        return body.isEmpty() ? MediaProxyResult.noSdp() : MediaProxyResult.failed(body.reason());
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
                    Outcome.NOTHING_TO_RELAY,
                    index.streamCount() == 0
                            ? "the SDP has no m= line, so no stream"
                            : "none of the " + index.streamCount() + " streams can be relayed");
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
                        shared(index.type(stream)),
                        index.mediaAddress(stream),
                        index.mediaPort(stream),
                        index.direction(stream),
                        index.hasIce(stream)));
            }
        }
        return streams;
    }

    /** Calls keep their streams: one string serves all of a type. */
    private static String shared(String type) {
        return switch (type) {
            case "audio" -> "audio";
            case "video" -> "video";
            case "image" -> "image";
            case "application" -> "application";
            default -> type;
        };
    }

    /**
     * Leaves streams alone, as their offer was: a relay in one direction only would keep ICE or IPv6 from working. To
     * be called for an answer, with {@link #streamsLeftAlone()} of its offer, before anything else is asked of it.
     *
     * @param offered streams of the offer; those that this answer does not have are ignored
     */
    void leaveAlone(List<Integer> offered) {
        for (int stream : offered) {
            if (stream < index.streamCount() && isLive(stream)) {
                index.leaveAlone(stream);
            }
        }
    }

    /** Returns the live streams that the relay could carry by their transport, and that keep their address and port. */
    List<Integer> streamsLeftAlone() {
        List<Integer> streams = new ArrayList<>();
        for (int stream = 0; stream < index.streamCount(); stream++) {
            if (isLive(stream) && index.isLeftAlone(stream)) {
                streams.add(stream);
            }
        }
        return List.copyOf(streams);
    }

    /**
     * Whether all its media go to this relay already: the message came by before, on its way through another server.
     */
    boolean leadsTo(RelayEndpoints relay) {
        int supported = 0;
        boolean leads = false; // Disabled streams lead nowhere.
        for (int stream = 0; stream < index.streamCount(); stream++) {
            if (!index.isSupported(stream)) {
                continue;
            }
            if (!index.isLeftAlone(stream)) {
                boolean live = index.port(stream) != 0;
                if (!isPortOf(relay, supported, stream)
                        || (live && !index.address(stream).equals(relay.address()))) {
                    return false;
                }
                leads |= live;
            }
            supported++;
        }
        return leads;
    }

    /** Whether a stream has the relay's port, either its own or, in a BUNDLE group, that of another stream. */
    private boolean isPortOf(RelayEndpoints relay, int place, int stream) {
        if (place >= relay.count() || relay.port(place) != 0) {
            return place < relay.count() && index.port(stream) == relay.port(place);
        }
        for (int other = 0; other < relay.count(); other++) {
            if (index.port(stream) == relay.port(other)) {
                return true;
            }
        }
        return false;
    }

    /** Address and port of its first relayed stream that has a port, in the form {@code 10.0.0.1:5004}, or nothing. */
    String firstDestination() {
        for (int stream = 0; stream < index.streamCount(); stream++) {
            if (isLive(stream) && !index.isLeftAlone(stream)) {
                return index.mediaAddress(stream) + ':' + index.port(stream);
            }
        }
        return "";
    }

    /**
     * Plans the dispatcher's reply into the body.
     *
     * @param maxPorts how many of the ports belong to this message; the others belong to streams that it does not have
     * @param offer whether the SDP is an offer, of which nothing is rewritten if the relay has too few ports for it; an
     *     answer loses the streams that the offer did not have
     */
    MediaProxyResult rewritten(DispatcherReply reply, int maxPorts, boolean offer, IceCandidate candidate) {
        if (!(reply instanceof DispatcherReply.Endpoints endpoints)) {
            return MediaProxyResult.failed(
                    "the dispatcher answered None: it knows no offer that this answers, or the CSeq is an old one");
        }
        int[] ports = endpoints.ports().stream()
                .limit(maxPorts)
                .mapToInt(Integer::intValue)
                .toArray();
        if (ports.length < index.supportedCount() && offer) {
            return MediaProxyResult.failed(
                    "the relay has " + ports.length + " ports for an offer of " + index.supportedCount() + " streams");
        }
        try {
            return rewritten(RelayEndpoints.of(endpoints.address(), ports), candidate);
        } catch (IllegalArgumentException e) {
            return MediaProxyResult.failed(e);
        }
    }

    MediaProxyResult rewritten(RelayEndpoints relay, IceCandidate candidate) {
        try {
            SdpEdits edits = SdpRewriter.plan(index, relay, candidate);
            MediaProxyResult result = MediaProxyResult.planned(edits, relay, unrelayed(relay.count()));
            List<Integer> leftAlone = streamsLeftAlone();
            String reason = leftAlone.isEmpty()
                    ? result.reason()
                    : "relay " + relay + "; the streams " + result.unrelayedStreams() + " are not relayed: "
                            + whyLeftAlone(leftAlone);
            return result.withOutcome(
                    result.outcome(),
                    isHiddenFromIce(candidate) ? reason + "; ice_candidate none: ICE does not know the relay" : reason);
        } catch (SdpSyntaxException e) { // of a new body that would be too large
            return MediaProxyResult.failed(e);
        }
    }

    /** Whether a live stream with ICE is relayed, and the relay is none of its candidates. */
    boolean isHiddenFromIce(IceCandidate candidate) {
        if (candidate != IceCandidate.NONE) {
            return false;
        }
        for (int stream = 0; stream < index.streamCount(); stream++) {
            if (isLive(stream) && !index.isLeftAlone(stream) && index.hasIce(stream)) {
                return true;
            }
        }
        return false;
    }

    private String whyLeftAlone(List<Integer> streams) {
        boolean ipv6 = streams.stream().anyMatch(index::isIpv6);
        boolean ice = !streams.stream().allMatch(index::isIpv6);
        return (ipv6 ? "IPv6 address" : "") + (ipv6 && ice ? ", " : "") + (ice ? "ICE has found its path" : "");
    }

    /**
     * The live streams that keep their address and port: those left alone, and those that the relay has no port for.
     */
    private List<Integer> unrelayed(int ports) {
        List<Integer> streams = new ArrayList<>();
        int supported = 0;
        for (int stream = 0; stream < index.streamCount(); stream++) {
            if (index.isSupported(stream)) {
                boolean leftAlone = isLive(stream) && index.isLeftAlone(stream);
                if (leftAlone || supported >= ports) {
                    streams.add(stream);
                }
                supported++;
            }
        }
        return List.copyOf(streams);
    }
}

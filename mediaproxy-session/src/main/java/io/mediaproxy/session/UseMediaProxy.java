package io.mediaproxy.session;

import io.mediaproxy.protocol.DispatcherClient;
import io.mediaproxy.protocol.DispatcherReply;
import io.mediaproxy.protocol.MediaStream;
import io.mediaproxy.protocol.UpdateCommand;
import io.mediaproxy.sdp.IceCandidate;
import io.mediaproxy.sdp.RelayEndpoints;
import io.mediaproxy.sdp.SdpBody;
import io.mediaproxy.sdp.SdpIndex;
import io.mediaproxy.sdp.SdpRewriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code use_media_proxy}: find the SDP, read it, describe its streams to the dispatcher, and plan the relay into it. Data flow
 * one way, and each step that cannot go on ends the call with its reason.
 */
final class UseMediaProxy {
    private static final Logger LOG = LoggerFactory.getLogger(UseMediaProxy.class);

    private static final int OK = 200;
    private static final String INVITE = "INVITE";
    private static final String IP6 = "IP6";

    private final MediaProxyConfig config;
    private final DispatcherClient client;
    private final SessionLedger ledger;
    private final EndMediaSession end;

    UseMediaProxy(MediaProxyConfig config, DispatcherClient client, SessionLedger ledger, EndMediaSession end) {
        this.config = config;
        this.client = client;
        this.ledger = ledger;
        this.end = end;
    }

    CompletableFuture<MediaProxyResult> call(SipMessageView message, CallAttributes attributes) {
        try {
            SdpBody body = SdpBody.find(
                    message.header("Content-Type"), message.bodyArray(), message.bodyOffset(), message.bodyLength());
            if (body.isEmpty()) {
                return withoutSdp(message, attributes);
            }
            if (!body.isPresent()) {
                return done(MediaProxyResult.failed(body.reason()));
            }
            return withSdp(message, attributes, body);
        } catch (RuntimeException e) { // of the SDP, of a value that does not fit, of the application's signalingIp
            return done(MediaProxyResult.failed(Outcome.FAILED, e));
        }
    }

    private CompletableFuture<MediaProxyResult> withSdp(
            SipMessageView message, CallAttributes attributes, SdpBody body) {
        if (!message.isRequest() && ledger.hasEnded(CallFields.callId(message))) {
            return done(MediaProxyResult.of(Outcome.CALL_ENDED, "the call has ended, and this is a reply to it"));
        }
        SdpIndex index = new SdpIndex();
        index.parse(body);
        if (message.isRequest() && index.hasRemoteCandidates()) {
            return done(MediaProxyResult.of(
                    Outcome.ICE_ENDED, "the request has a=remote-candidates: ICE has found its path"));
        }
        if (index.supportedCount() == 0) {
            return done(MediaProxyResult.of(
                    Outcome.NOTHING_TO_RELAY, "none of the " + index.streamCount() + " streams can be relayed"));
        }
        int ipv6 = firstIpv6Line(index);
        if (ipv6 > 0) {
            return done(MediaProxyResult.failed(
                    "line " + ipv6 + " has an IPv6 address, and the dispatcher's protocol carries IPv4 only"));
        }
        UpdateCommand command = command(message, attributes, streams(index));
        IceCandidate candidate = config.iceCandidate(attributes);
        return send(command, reply -> rewrite(message, index, candidate, reply));
    }

    /**
     * A 200 to an INVITE tells the dispatcher that the call was answered, also without SDP. Without a To tag the relay would
     * reject every stream of the call for good, and for a call that it does not know it would invent a session.
     */
    private CompletableFuture<MediaProxyResult> withoutSdp(SipMessageView message, CallAttributes attributes) {
        CallFields fields = CallFields.of(message);
        boolean invite = message.method().equals(INVITE);
        if (invite && message.isRequest() && !fields.callId().isEmpty()) {
            ledger.withoutOffer(fields.callId());
        }
        boolean answered = invite && !message.isRequest() && message.statusCode() == OK;
        if (!answered || fields.to().tag().isEmpty() || !ledger.mayHaveSession(fields.callId())) {
            return done(MediaProxyResult.of(Outcome.NO_SDP, "the message has no SDP"));
        }
        return send(
                command(message, attributes, List.of()),
                reply -> MediaProxyResult.of(Outcome.TOLD, "the dispatcher knows that the call was answered"));
    }

    private UpdateCommand command(SipMessageView message, CallAttributes attributes, List<MediaStream> streams) {
        CallFields fields = CallFields.of(message);
        return new UpdateCommand(
                message.isRequest() ? UpdateCommand.Type.REQUEST : UpdateCommand.Type.REPLY,
                "",
                fields.callId(),
                fields.cseq(),
                fields.from().uri(),
                fields.to().uri(),
                fields.from().tag(),
                fields.toTag(message),
                CallFields.userAgent(message),
                config.signalingIp(message, attributes),
                config.mediaRelay(attributes),
                streams);
    }

    private static List<MediaStream> streams(SdpIndex index) {
        List<MediaStream> streams = new ArrayList<>(index.supportedCount());
        for (int i = 0; i < index.streamCount(); i++) {
            if (index.isSupported(i)) {
                streams.add(new MediaStream(
                        index.type(i), index.address(i), index.port(i), index.direction(i), index.hasIce(i)));
            }
        }
        return streams;
    }

    /** The line of the first supported stream's IPv6 address, or -1. */
    private static int firstIpv6Line(SdpIndex index) {
        for (int i = 0; i < index.streamCount(); i++) {
            if (index.isSupported(i) && index.addressType(i).equalsIgnoreCase(IP6)) {
                return index.addressLine(i);
            }
        }
        return -1;
    }

    private CompletableFuture<MediaProxyResult> send(UpdateCommand command, ReplyReader reader) {
        String callId = command.callId();
        ledger.updateSent(callId);
        long start = System.nanoTime();
        return client.update(command).handle((reply, thrown) -> {
            MediaProxyResult result = thrown == null ? reader.read(reply) : failed(thrown);
            if (reply instanceof DispatcherReply.Endpoints) {
                ledger.updateSucceeded(callId);
                end.sessionMade(callId);
            } else if (ledger.updateFailed(callId)) {
                end.removeOrphan(command);
            }
            LOG.debug("update of call {} after {} us: {}", callId, (System.nanoTime() - start) / 1000, result);
            return result;
        });
    }

    /** What the dispatcher's reply means for the message. */
    private interface ReplyReader {
        MediaProxyResult read(DispatcherReply reply);
    }

    private static MediaProxyResult rewrite(
            SipMessageView message, SdpIndex index, IceCandidate candidate, DispatcherReply reply) {
        if (!(reply instanceof DispatcherReply.Endpoints endpoints)) {
            return MediaProxyResult.failed(
                    "the dispatcher answered None: it knows no offer that this answers, or the CSeq is an old one");
        }
        int[] ports = endpoints.ports().stream().mapToInt(Integer::intValue).toArray();
        if (ports.length < index.supportedCount() && message.isRequest()) {
            return MediaProxyResult.failed(
                    "the relay has " + ports.length + " ports for an offer of " + index.supportedCount() + " streams");
        }
        RelayEndpoints relay;
        try {
            relay = RelayEndpoints.of(endpoints.address(), ports);
        } catch (IllegalArgumentException e) {
            return MediaProxyResult.failed(Outcome.FAILED, e);
        }
        return MediaProxyResult.planned(
                SdpRewriter.plan(index, relay, candidate), relay, streamsBeyond(index, ports.length));
    }

    private static List<Integer> streamsBeyond(SdpIndex index, int ports) {
        List<Integer> streams = new ArrayList<>();
        int supported = 0;
        for (int i = 0; i < index.streamCount(); i++) {
            if (index.isSupported(i) && supported++ >= ports) {
                streams.add(i);
            }
        }
        return List.copyOf(streams);
    }

    static MediaProxyResult failed(Throwable thrown) {
        Throwable cause = thrown instanceof CompletionException ? cause(thrown) : thrown;
        if (cause instanceof RuntimeException failure) {
            return MediaProxyResult.failed(Outcome.FAILED, failure);
        }
        throw new CompletionException(cause);
    }

    private static Throwable cause(Throwable thrown) {
        @Nullable Throwable cause = thrown.getCause();
        return cause == null ? thrown : cause;
    }

    private static CompletableFuture<MediaProxyResult> done(MediaProxyResult result) {
        return CompletableFuture.completedFuture(result);
    }
}

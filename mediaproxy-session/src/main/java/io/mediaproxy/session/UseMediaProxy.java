package io.mediaproxy.session;

import io.mediaproxy.protocol.MediaStream;
import io.mediaproxy.protocol.UpdateCommand;
import io.mediaproxy.sdp.IceCandidate;
import io.mediaproxy.session.sip.SipMessageView;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * {@code use_media_proxy}: find the SDP, read it, describe its streams to the dispatcher, and plan the relay into it. Data flow
 * one way, and each step that cannot go on ends the call with its reason.
 */
final class UseMediaProxy {
    private final MediaProxyConfig config;
    private final SessionLedger ledger;
    private final MediaSessions sessions;

    UseMediaProxy(MediaProxyConfig config, SessionLedger ledger, MediaSessions sessions) {
        this.config = config;
        this.ledger = ledger;
        this.sessions = sessions;
    }

    CompletableFuture<MediaProxyResult> call(SipMessageView message, CallAttributes attributes) {
        try {
            MessageSdp sdp = MessageSdp.of(message);
            return sdp.isAbsent() ? withoutSdp(message, attributes) : withSdp(message, attributes, sdp);
        } catch (RuntimeException e) { // of a value that does not fit, of the application's signalingIp
            return done(MediaProxyResult.failed(e));
        }
    }

    private CompletableFuture<MediaProxyResult> withSdp(
            SipMessageView message, CallAttributes attributes, MessageSdp sdp) {
        if (!message.isRequest() && ledger.hasEnded(CallFields.callId(message))) {
            return done(MediaProxyResult.of(Outcome.CALL_ENDED, "the call has ended, and this is a reply to it"));
        }
        if (message.isRequest() && sdp.endsIce()) {
            return done(MediaProxyResult.of(
                    Outcome.ICE_ENDED, "the request has a=remote-candidates: ICE has found its path"));
        }
        @Nullable MediaProxyResult obstacle = sdp.obstacle();
        if (obstacle != null) {
            return done(obstacle);
        }
        boolean offer = message.isRequest();
        IceCandidate candidate = config.iceCandidate(attributes);
        return sessions.send(
                command(message, attributes, sdp.streams()), reply -> sdp.rewritten(reply, offer, candidate));
    }

    /**
     * A 200 to an INVITE tells the dispatcher that the call was answered, also without SDP. Without a To tag the relay would
     * reject every stream of the call for good, and for a call that it does not know it would invent a session.
     */
    private CompletableFuture<MediaProxyResult> withoutSdp(SipMessageView message, CallAttributes attributes) {
        CallFields fields = CallFields.of(message);
        boolean invite = message.method().equals(SipMethod.INVITE);
        if (invite && message.isRequest() && !fields.callId().isEmpty()) {
            ledger.withoutOffer(fields.callId());
        }
        boolean answered = invite && !message.isRequest() && message.statusCode() == SipMethod.OK;
        if (!answered || fields.to().tag().isEmpty() || !ledger.mayHaveSession(fields.callId())) {
            return done(MediaProxyResult.of(Outcome.NO_SDP, "the message has no SDP"));
        }
        return sessions.send(command(message, attributes, List.of()), reply -> MediaProxyResult.answered());
    }

    private UpdateCommand command(SipMessageView message, CallAttributes attributes, List<MediaStream> streams) {
        CallFields fields = CallFields.of(message);
        return UpdateCommand.builder(message.isRequest() ? UpdateCommand.Type.REQUEST : UpdateCommand.Type.REPLY)
                .callId(fields.callId())
                .cseq(fields.cseq())
                .fromUri(fields.from().uri())
                .toUri(fields.to().uri())
                .fromTag(fields.from().tag())
                .toTag(fields.toTag(message))
                .userAgent(CallFields.userAgent(message))
                .signalingIp(config.signalingIp(message, attributes))
                .mediaRelay(config.mediaRelay(attributes))
                .media(streams)
                .build();
    }

    private static CompletableFuture<MediaProxyResult> done(MediaProxyResult result) {
        return CompletableFuture.completedFuture(result);
    }
}

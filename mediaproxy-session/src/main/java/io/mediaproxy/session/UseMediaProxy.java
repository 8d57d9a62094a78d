package io.mediaproxy.session;

import io.mediaproxy.protocol.DispatcherReply;
import io.mediaproxy.protocol.UpdateCommand;
import io.mediaproxy.sdp.IceCandidate;
import io.mediaproxy.session.Updates.ReplyReader;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * {@code use_media_proxy}: describes the streams of one message to the dispatcher and plans the relay into its SDP,
 * without following the call. Thread-safe.
 */
final class UseMediaProxy {
    private final MediaProxyConfig config;
    private final SessionLedger ledger;
    private final UpdateCommands commands;
    private final Updates updates;
    private final MessageOffers offers;
    private final RelayOutage outage;
    private final IceWarning iceWarning;

    UseMediaProxy(
            MediaProxyConfig config,
            SessionLedger ledger,
            UpdateCommands commands,
            Updates updates,
            MessageOffers offers,
            RelayOutage outage,
            IceWarning iceWarning) {
        this.config = config;
        this.ledger = ledger;
        this.commands = commands;
        this.updates = updates;
        this.offers = offers;
        this.outage = outage;
        this.iceWarning = iceWarning;
    }

    /**
     * @param callId of its session at the dispatcher
     * @throws RuntimeException if a value does not fit the protocol
     */
    CompletableFuture<MediaProxyResult> use(RelayedMessage message, String callId) {
        return message.hasSdp() ? withSdp(message, callId) : withoutSdp(message, callId);
    }

    private CompletableFuture<MediaProxyResult> withSdp(RelayedMessage message, String callId) {
        boolean offer = message.isRequest();
        if (!offer && ledger.hasEnded(callId)) {
            return done(MediaProxyResult.of(Outcome.CALL_ENDED, "the call of this response has ended"));
        }
        if (offer && message.sdp().endsIce()) {
            return done(MediaProxyResult.of(
                    Outcome.ICE_ENDED, "the request has a=remote-candidates: ICE has found its path"));
        }
        MediaProxyResult obstacle = message.obstacle();
        if (obstacle != null) {
            return done(obstacle);
        }
        boolean answersInAck = message.isRequest() && message.is(SipMethod.ACK);
        if ((!offer || answersInAck) && ledger.isWithoutRelay(callId, side(message, !message.isRequest()))) {
            return done(MediaProxyResult.failed("the offer that this answers got no relay"));
        }
        IceCandidate candidate = config.iceCandidate(message.attributes());
        return send(message, callId, reply -> message.sdp().rewritten(reply, Integer.MAX_VALUE, offer, candidate))
                .thenApply(result -> {
                    iceWarning.check(message.sdp(), result, candidate);
                    return noted(message, callId, result);
                });
    }

    private MediaProxyResult noted(RelayedMessage message, String callId, MediaProxyResult result) {
        ledger.described(callId, side(message, message.isRequest()), result.returnCode() == 1);
        return result;
    }

    /** Names one side of the exchange to which a message belongs: the requester's, or the other one. */
    private static String side(RelayedMessage message, boolean ofRequester) {
        CallFields fields = message.fields();
        return fields.from().tag() + (ofRequester ? " request " : " response ") + fields.cseq();
    }

    /**
     * A 200 to an INVITE reports to the dispatcher that the call was answered, also without SDP. A body of another type
     * changes nothing but the return code (module). Without a To tag the relay would reject every stream of the call
     * for good, and for a call that it does not know it would create a session.
     */
    private CompletableFuture<MediaProxyResult> withoutSdp(RelayedMessage message, String callId) {
        boolean invite = message.is(SipMethod.INVITE);
        if (invite && message.isRequest() && !callId.isEmpty()) {
            ledger.inviteWithoutOffer(callId);
        }
        boolean answered = invite && !message.isRequest() && message.statusCode() == SipMethod.OK;
        if (!answered || message.senderTag().isEmpty() || !ledger.mayHaveSession(callId)) {
            return done(message.sdp().absence());
        }
        return send(message, callId, reply -> MediaProxyResult.answered());
    }

    private CompletableFuture<MediaProxyResult> send(RelayedMessage message, String callId, ReplyReader reader) {
        if (message.obstacle() != null) {
            return done(message.obstacle());
        }
        UpdateCommand.Type type = message.isRequest() ? UpdateCommand.Type.REQUEST : UpdateCommand.Type.REPLY;
        UpdateCommand command = commands.describe(type, message, "")
                .callId(callId)
                .media(message.hasSdp() ? message.sdp().streams() : List.of())
                .build();
        CompletableFuture<MediaProxyResult> result = updates.send(
                command,
                reply -> {
                    if (reply instanceof DispatcherReply.Endpoints endpoints) {
                        offers.relayed(command, endpoints.address());
                    }
                    return reader.read(reply);
                },
                () -> updates.removeUnlessUsed(command));
        return message.isRequest() ? result.thenApply(this::reported) : result;
    }

    private MediaProxyResult reported(MediaProxyResult result) {
        if (result.returnCode() == 1) {
            outage.withRelay();
        } else {
            outage.withoutRelay(result.reason(), true);
        }
        return result;
    }

    private static CompletableFuture<MediaProxyResult> done(MediaProxyResult result) {
        return CompletableFuture.completedFuture(result);
    }
}

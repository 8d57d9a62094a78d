package io.mediaproxy.session;

import io.mediaproxy.protocol.DispatcherReply;
import io.mediaproxy.protocol.MediaStream;
import io.mediaproxy.protocol.UpdateCommand;
import io.mediaproxy.sdp.IceCandidate;
import io.mediaproxy.sdp.RelayEndpoints;
import io.mediaproxy.session.OfferAnswer.Exchange;
import io.mediaproxy.session.StoredResults.Stored;
import io.mediaproxy.session.sip.SipMessageView;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call's session at the relay: tells the dispatcher of offers and answers, in order and once each, and has it forget the call
 * once. Safe for use by many threads.
 */
final class CallSession {
    private static final Logger LOG = LoggerFactory.getLogger(MediaSession.class);

    private final String callId;
    private final String callerTag;
    private final MediaSessions sessions;
    /** What the dispatcher gives back when the media stop; empty: nobody listens for it. */
    private final String dialogId;

    private final boolean engaged;

    private final OfferAnswer offerAnswer = new OfferAnswer();
    private final StoredResults stored = new StoredResults();

    private String calleeTag = "";
    /** The relay's address as it was last given; empty: the call has none yet. */
    private String relayAddress = "";

    private @Nullable ExchangeRelays relays;
    private @Nullable Side iceEndedBy;
    private Consumer<CompletableFuture<MediaProxyResult>> onEnd = result -> {};
    private boolean told;
    private boolean ended;
    private long deadline;

    /** @param engaged whether it is followed by its messages; else its server says what is an offer and what an answer */
    CallSession(String callId, String callerTag, String dialogId, boolean engaged, MediaSessions sessions) {
        this.callId = callId;
        this.callerTag = callerTag;
        this.dialogId = dialogId;
        this.engaged = engaged;
        this.sessions = sessions;
        touch(sessions.dialogTimeout());
    }

    String callId() {
        return callId;
    }

    String callerTag() {
        return callerTag;
    }

    String dialogId() {
        return dialogId;
    }

    boolean isEngaged() {
        return engaged;
    }

    /** The message carries an offer, because its server says so. */
    CompletableFuture<MediaProxyResult> offer(SipMessageView message, CallAttributes attributes) {
        touch(sessions.dialogTimeout());
        if (!message.isRequest()) {
            noEndOfIce(); // What answers the end of ICE is no offer.
        }
        return relay(message, CallFields.of(message), attributes, (sender, fields) -> {
            Side requester = message.isRequest() ? sender : sender.other();
            return offerAnswer.newOffer(requester, fields.cseqNumber(), sender);
        });
    }

    /** The message carries an answer, because its server says so. */
    CompletableFuture<MediaProxyResult> answer(SipMessageView message, CallAttributes attributes) {
        touch(sessions.dialogTimeout());
        return relay(message, CallFields.of(message), attributes, (sender, fields) -> {
            Exchange exchange = offerAnswer.answer();
            if (exchange == null) {
                throw new IllegalStateException("there was no offer that this could be the answer to");
            }
            return exchange;
        });
    }

    /** Once; what comes behind it is left alone. */
    CompletableFuture<MediaProxyResult> end() {
        boolean known;
        String lastCalleeTag;
        Consumer<CompletableFuture<MediaProxyResult>> action;
        synchronized (this) {
            if (ended) {
                return done(MediaProxyResult.of(Outcome.CALL_ENDED, "the call has ended already"));
            }
            ended = true;
            known = told;
            lastCalleeTag = calleeTag;
            action = onEnd;
        }
        CompletableFuture<MediaProxyResult> result = known
                ? sessions.remove(callId, callerTag, lastCalleeTag)
                : done(MediaProxyResult.of(Outcome.UNKNOWN_SESSION, "the relay was never told of the call"));
        sessions.ended(this);
        action.accept(result);
        return result;
    }

    /** The call is alive; when nothing is heard of it for that long, it is not. */
    final synchronized void touch(long timeoutNanos) {
        deadline = sessions.nanoTime() + timeoutNanos;
    }

    /** What else to do when it ends; to be said before it can. */
    synchronized void onEnd(Consumer<CompletableFuture<MediaProxyResult>> action) {
        onEnd = action;
    }

    synchronized boolean hasEnded() {
        return ended;
    }

    synchronized boolean isOverdue(long now) {
        return !ended && now - deadline > 0;
    }

    /** Which party a message of this call came from. */
    Side sender(SipMessageView message, CallFields fields) {
        return fields.senderTag(message).equals(callerTag) ? Side.CALLER : Side.CALLEE;
    }

    /** Says which exchange the SDP of a message belongs to. */
    private interface Classifier {
        Exchange exchange(Side sender, CallFields fields);
    }

    /** A message with SDP, whose place among offers and answers its method and CSeq tell. */
    CompletableFuture<MediaProxyResult> relay(
            SipMessageView message, CallFields messageFields, CallAttributes attributes) {
        return relay(
                message,
                messageFields,
                attributes,
                (sender, fields) -> message.isRequest()
                        ? offerAnswer.request(sender, message.method(), fields.cseqNumber())
                        : offerAnswer.reply(sender, fields.cseqNumber()));
    }

    private synchronized void noEndOfIce() {
        iceEndedBy = null;
    }

    synchronized void inviteWithoutOffer(Side from, long cseq) {
        iceEndedBy = null;
        offerAnswer.inviteWithoutOffer(from, cseq);
    }

    synchronized void refused(Side requester, long cseq) {
        offerAnswer.refused(requester, cseq);
    }

    synchronized void refusedOnAnotherLeg(Side requester) {
        offerAnswer.refusedOnAnotherLeg(requester);
    }

    /** Asks the dispatcher about the SDP of one message, or finds out that there is nothing to ask. */
    private CompletableFuture<MediaProxyResult> relay(
            SipMessageView message, CallFields fields, CallAttributes attributes, Classifier classifier) {
        MessageSdp sdp = MessageSdp.of(message);
        if (sdp.isAbsent()) {
            return done(MediaProxyResult.of(Outcome.NO_SDP, "the message has no SDP"));
        }
        MediaProxyResult obstacle = sdp.obstacle();
        if (obstacle != null && obstacle.outcome() != Outcome.FAILED) {
            return done(obstacle);
        }
        try {
            return relay(message, fields, sdp, obstacle, attributes, classifier);
        } catch (RuntimeException e) { // of a message that cannot be placed among offers and answers
            return done(MediaProxyResult.failed(e));
        }
    }

    private synchronized CompletableFuture<MediaProxyResult> relay(
            SipMessageView message,
            CallFields fields,
            MessageSdp sdp,
            @Nullable MediaProxyResult obstacle,
            CallAttributes attributes,
            Classifier classifier) {
        if (ended) {
            return done(MediaProxyResult.of(Outcome.CALL_ENDED, "the call has ended"));
        }
        Side sender = sender(message, fields);
        if (isOfEndOfIce(message, sdp, sender)) {
            return done(MediaProxyResult.of(Outcome.ICE_ENDED, "ICE has found its path (a=remote-candidates)"));
        }
        IceCandidate candidate = sessions.config().iceCandidate(attributes);
        long fingerprint = StoredResults.fingerprint(message, fields);
        Stored before = stored.find(fingerprint);
        if (before != null) {
            return again(before, sdp, candidate);
        }
        if (obstacle == null && stored.leadsToRelay(sdp)) {
            return done(MediaProxyResult.of(Outcome.UNCHANGED, "its media go to the relay already"));
        }
        Exchange exchange = classifier.exchange(sender, fields);
        boolean offer = exchange.offerer() == sender;
        ExchangeRelays sides = sidesOf(exchange);
        if (!offer && sides.hasFailed()) {
            return done(MediaProxyResult.failed("the offer that this answers got no relay"));
        }
        UpdateCommand command;
        try {
            if (obstacle != null) {
                return withoutRelay(sides, offer, obstacle);
            }
            command = command(message, fields, sender, exchange, attributes, sdp.streams());
        } catch (RuntimeException e) { // of a value that does not fit, of the application's signalingIp
            return withoutRelay(sides, offer, MediaProxyResult.failed(e));
        }
        told = true;
        Stored storing = stored.add(fingerprint);
        CompletableFuture<MediaProxyResult> result = sessions.send(command, reply -> {
            MediaProxyResult rewritten = sdp.rewritten(reply, offer, candidate);
            return reply instanceof DispatcherReply.Endpoints ? compared(sides, offer, rewritten) : rewritten;
        });
        return stored(storing, result, sides, offer);
    }

    /** Where an offer goes on without a relay, its answer has to as well: else only one side would be heard. */
    private static CompletableFuture<MediaProxyResult> withoutRelay(
            ExchangeRelays sides, boolean offer, MediaProxyResult result) {
        if (offer) {
            sides.failed(true);
        }
        return done(result);
    }

    /** The request in which ICE says so, and the reply to it, up to the next request with SDP. */
    private boolean isOfEndOfIce(SipMessageView message, MessageSdp sdp, Side sender) {
        if (message.isRequest()) {
            iceEndedBy = sdp.endsIce() ? sender : null;
        }
        return message.isRequest() ? iceEndedBy != null : iceEndedBy == sender.other();
    }

    /** The same message again gets the same result; one that comes while the first one waits, waits with it. */
    private CompletableFuture<MediaProxyResult> again(Stored before, MessageSdp sdp, IceCandidate candidate) {
        CompletableFuture<MediaProxyResult> onItsWay = before.onItsWay();
        if (onItsWay != null) {
            return onItsWay.thenApply(first -> first.relay()
                    .map(relay -> sdp.rewritten(relay, candidate).as(first.outcome(), first.reason()))
                    .orElse(first));
        }
        RelayEndpoints relay = before.relay();
        return done(
                relay == null
                        ? MediaProxyResult.of(Outcome.UNCHANGED, "the dispatcher was told before")
                        : sdp.rewritten(relay, candidate));
    }

    private CompletableFuture<MediaProxyResult> stored(
            Stored storing, CompletableFuture<MediaProxyResult> result, @Nullable ExchangeRelays sides, boolean offer) {
        storing.began(result);
        return result.thenApply(outcome -> {
            synchronized (this) {
                if (outcome.returnCode() == 1) {
                    storing.succeeded(outcome.relay().orElse(null));
                } else {
                    stored.forget(storing);
                }
                if (sides != null && offer) {
                    sides.failed(outcome.returnCode() != 1);
                }
            }
            return outcome;
        });
    }

    private ExchangeRelays sidesOf(Exchange exchange) {
        ExchangeRelays sides = relays;
        if (sides == null || !sides.exchange().equals(exchange)) {
            sides = new ExchangeRelays(exchange);
            relays = sides;
        }
        return sides;
    }

    /** The callee's tag as this message has it, or else as the last one had it: a fork has several. */
    private String calleeTag(Side sender, SipMessageView message, CallFields fields) {
        String tag = sender == Side.CALLEE ? fields.senderTag(message) : "";
        if (!tag.isEmpty()) {
            return tag;
        }
        return calleeTag.isEmpty() && sender == Side.CALLER ? fields.receiverTag(message) : calleeTag;
    }

    /**
     * A 2xx to an INVITE without SDP starts the call's clock. Without a To tag the relay would reject every stream of the call for
     * good, and for a call that it does not know it would invent a session.
     */
    synchronized CompletableFuture<MediaProxyResult> answered(
            SipMessageView message, CallFields fields, CallAttributes attributes) {
        Exchange exchange = offerAnswer.current();
        Side sender = sender(message, fields);
        if (ended) {
            return done(MediaProxyResult.of(Outcome.CALL_ENDED, "the call has ended"));
        }
        if (exchange == null
                || relayAddress.isEmpty()
                || fields.senderTag(message).isEmpty()
                || exchange.requester() == sender
                || sidesOf(exchange).hasFailed()) {
            return done(MediaProxyResult.of(Outcome.NO_SDP, "the message has no SDP"));
        }
        try {
            long fingerprint = StoredResults.fingerprint(message, fields);
            if (stored.find(fingerprint) != null) {
                return done(MediaProxyResult.of(Outcome.UNCHANGED, "the dispatcher was told before"));
            }
            UpdateCommand command = command(message, fields, sender, exchange, attributes, List.of());
            Stored storing = stored.add(fingerprint);
            return stored(storing, sessions.send(command, reply -> MediaProxyResult.answered()), null, false);
        } catch (RuntimeException e) { // of a value that does not fit, of the application's signalingIp
            return done(MediaProxyResult.failed(e));
        }
    }

    private UpdateCommand command(
            SipMessageView message,
            CallFields fields,
            Side sender,
            Exchange exchange,
            CallAttributes attributes,
            List<MediaStream> streams) {
        boolean requestersMessage = exchange.requester() == sender;
        // From and To of a message are the requester's and the other's, unless it is a request that answers a request.
        boolean turned = message.isRequest() && !requestersMessage;
        // A provisional reply does not fix the callee's tag yet, as another branch may answer (module).
        boolean provisional = !message.isRequest() && message.statusCode() < SipMethod.OK;
        String other = calleeTag(sender, message, fields);
        UpdateCommand command = UpdateCommand.builder(
                        requestersMessage ? UpdateCommand.Type.REQUEST : UpdateCommand.Type.REPLY)
                .dialogId(dialogId)
                .callId(callId)
                .cseq(Long.toString(exchange.cseq()))
                .fromUri(turned ? fields.to().uri() : fields.from().uri())
                .toUri(turned ? fields.from().uri() : fields.to().uri())
                .fromTag(exchange.requester() == Side.CALLER ? callerTag : other)
                .toTag(exchange.requester() == Side.CALLEE ? callerTag : provisional ? "" : other)
                .userAgent(CallFields.userAgent(message))
                .signalingIp(sessions.config().signalingIp(message, attributes))
                .mediaRelay(sessions.config().mediaRelay(attributes, relayAddress))
                .media(streams)
                .build();
        calleeTag = other; // now that it is known to fit the wire, and a removal with it
        return command;
    }

    /** Notes what the relay gave, and says so where the other side of the exchange was told something else. */
    private synchronized MediaProxyResult compared(ExchangeRelays sides, boolean offer, MediaProxyResult result) {
        RelayEndpoints relay = result.relay().orElse(null);
        if (relay == null) {
            return result;
        }
        relayAddress = relay.address();
        if (offer) {
            sides.offered(relay, sessions.nanoTime());
            return result;
        }
        String changed = sides.answered(relay, sessions.nanoTime());
        if (changed == null) {
            return result;
        }
        LOG.warn("call {}: {}", callId, changed);
        return result.as(Outcome.SESSION_EXPIRED, changed);
    }

    private static CompletableFuture<MediaProxyResult> done(MediaProxyResult result) {
        return CompletableFuture.completedFuture(result);
    }
}

package io.mediaproxy.session;

import io.mediaproxy.protocol.DispatcherReply;
import io.mediaproxy.protocol.UpdateCommand;
import io.mediaproxy.protocol.log.Excerpt;
import io.mediaproxy.sdp.IceCandidate;
import io.mediaproxy.sdp.RelayEndpoints;
import io.mediaproxy.session.OfferAnswer.Exchange;
import io.mediaproxy.session.OfferAnswer.Request;
import io.mediaproxy.session.Retransmissions.Original;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The offers and answers of one call: sends them to the dispatcher, in order and once each, and puts the relay's ports
 * into their messages. Thread-safe.
 *
 * <p>Lock order: {@link EngagedCall}, {@link ExpiryQueue}, then {@code CallExchanges}. This lock is held while a
 * message is placed and its update is sent. It is not held while a session is removed, or while a listener or the
 * application's {@code signalingIp} runs.
 */
final class CallExchanges {
    /**
     * State of the session when the call ended.
     *
     * @param updated whether an update was sent, so that the relay may have a session
     * @param calleeTag of the callee at the relay, or empty
     * @param lastUpdate null if the call has no relay
     */
    record Last(boolean updated, String calleeTag, @Nullable LastUpdate lastUpdate) {}

    private final SessionId id;
    private final SessionSurroundings surroundings;

    private final OfferAnswer offerAnswer = new OfferAnswer();
    private final Retransmissions retransmissions = new Retransmissions();
    private final EndOfIce endOfIce = new EndOfIce();
    private final RelayState relay;

    /** Null until there are any, since few calls have them. */
    private @Nullable UntoldUpdates untold;

    private boolean ended;
    private boolean wentWithoutRelay;

    CallExchanges(SessionId id, SessionSurroundings surroundings) {
        this.id = id;
        this.surroundings = surroundings;
        this.relay = new RelayState(id, surroundings.commands());
    }

    SessionId id() {
        return id;
    }

    SessionSurroundings surroundings() {
        return surroundings;
    }

    /** Sends nothing from now on. Returns the last state, or null if the call had ended already. */
    synchronized @Nullable Last end() {
        if (ended) {
            return null;
        }
        ended = true;
        return new Last(relay.isUpdated(), relay.calleeTag(), relay.lastUpdate());
    }

    synchronized boolean hasEnded() {
        return ended;
    }

    synchronized boolean hasIceOnAllStreams() {
        return relay.hasIceOnAllStreams();
    }

    /** Returns the party that a message of this call came from. */
    Side sender(RelayedMessage message) {
        return message.senderTag().equals(id.callerTag()) ? Side.CALLER : Side.CALLEE;
    }

    synchronized void inviteWithoutOffer(RelayedMessage invite) {
        endOfIce.isOver();
        offerAnswer.inviteWithoutOffer(Request.of(invite, sender(invite)));
    }

    synchronized void refused(RelayedMessage response) {
        offerAnswer.refused(Request.of(response, sender(response)));
    }

    synchronized void refusedOnAnotherLeg(Side requester) {
        offerAnswer.refusedOnAnotherLeg(requester);
    }

    /**
     * Relays the SDP of one message, if it has any. Completes with the reason if there is nothing to ask the dispatcher
     * for.
     */
    CompletableFuture<MediaProxyResult> handle(RelayedMessage message, SdpRole role) {
        if (!message.hasSdp()) {
            return done(MediaProxyResult.noSdp());
        }
        MediaProxyResult obstacle = message.obstacle();
        if (obstacle != null && obstacle.outcome() != Outcome.FAILED) {
            return done(obstacle);
        }
        try {
            return place(message, role);
        } catch (RuntimeException e) { // of a message that has no place among offers and answers
            return done(MediaProxyResult.failed(e));
        }
    }

    private synchronized CompletableFuture<MediaProxyResult> place(RelayedMessage message, SdpRole role) {
        if (ended) {
            return done(MediaProxyResult.of(Outcome.CALL_ENDED, "the call has ended"));
        }
        Side sender = sender(message);
        if (endOfIce.includes(message, sender, role)) {
            return done(MediaProxyResult.of(Outcome.ICE_ENDED, "ICE has found its path (a=remote-candidates)"));
        }
        long fingerprint = Retransmissions.fingerprint(message);
        Original before = retransmissions.find(fingerprint);
        if (before != null) {
            return before.repeated(message.sdp(), candidate(message));
        }
        if (message.obstacle() == null && retransmissions.leadsToRelay(message.sdp())) {
            return done(MediaProxyResult.of(Outcome.UNCHANGED, "its media go to the relay already"));
        }
        Exchange exchange = offerAnswer.place(message, sender, role);
        RelayPairing pairing = relay.pairing(exchange);
        boolean offer = exchange.offerer() == sender;
        if (!offer && pairing.hasFailed()) {
            return done(MediaProxyResult.failed("the offer that this answers got no relay"));
        }
        if (offer) {
            pairing.setLeftAlone(message.sdp().streamsLeftAlone());
        } else {
            message.sdp().leaveAlone(pairing.leftAlone());
        }
        RelayState.Update update;
        try {
            if (message.obstacle() != null) {
                return withoutRelay(fingerprint, pairing, offer, message.obstacle());
            }
            update = relay.update(message, sender, exchange);
        } catch (RuntimeException e) { // of a value that does not fit
            return withoutRelay(fingerprint, pairing, offer, MediaProxyResult.failed(e));
        }
        Original original = retransmissions.add(fingerprint, pairing.leftAlone());
        if (!offer) {
            boolean unused = tellUntold(); // an answer to an unknown offer would be an offer
        }
        SentMessage sent = new SentMessage(message, sender, update, pairing, offer, candidate(message));
        CompletableFuture<MediaProxyResult> result = surroundings
                .updates()
                .send(update.command(), reply -> read(sent, reply), () -> {}) // a late session ends with the call
                .thenApply(outcome -> {
                    surroundings.iceWarning().check(message.sdp(), outcome, sent.candidate());
                    return orAsBefore(sent, outcome);
                });
        original.startedWaiting(result);
        return result.thenApply(outcome -> settled(outcome, original, pairing, offer));
    }

    private MediaProxyResult read(SentMessage sent, DispatcherReply reply) {
        MediaProxyResult rewritten = sent.rewritten(reply);
        return reply instanceof DispatcherReply.Endpoints
                ? compared(sent.pairing(), sent.offer(), rewritten)
                : rewritten;
    }

    /** Notes the ports of a message; or gives it those that it had before, if the dispatcher gave none. */
    private synchronized MediaProxyResult orAsBefore(SentMessage sent, MediaProxyResult outcome) {
        if (outcome.returnCode() == 1) {
            if (untold != null) {
                untold.told(sent.offer());
            }
            outcome.relay().ifPresent(given -> relay.gave(sent.sender(), sent.offer(), sent.update(), given));
            return outcome;
        }
        RelayEndpoints before = ended ? null : relay.portsBefore(sent.sender(), sent.update());
        MediaProxyResult kept = before == null ? outcome : sent.withPortsAsBefore(before, outcome);
        if (before != null && kept.returnCode() == 1) {
            if (untold == null) {
                untold = new UntoldUpdates();
            }
            untold.add(sent.update().command(), sent.offer());
            surroundings.untold().add(this);
            if (sent.offer()) {
                sent.pairing().offered(before, surroundings.nanoTime().getAsLong());
            }
        }
        return kept;
    }

    /** Sends the updates again that the dispatcher did not take. Returns whether there are any. */
    synchronized boolean tellLater() {
        if (ended || untold == null || untold.isEmpty()) {
            surroundings.untold().remove(this);
            return false;
        }
        return tellUntold();
    }

    private synchronized boolean tellUntold() {
        return untold != null && untold.tell(surroundings.updates());
    }

    /** An offer without a relay has an answer without one: otherwise only one side would be heard. */
    private CompletableFuture<MediaProxyResult> withoutRelay(
            long fingerprint, RelayPairing pairing, boolean offer, MediaProxyResult result) {
        retransmissions.add(fingerprint).failed();
        if (offer) {
            pairing.setFailed(true);
        }
        return done(result);
    }

    private IceCandidate candidate(RelayedMessage message) {
        return surroundings.config().iceCandidate(message.attributes());
    }

    private MediaProxyResult settled(MediaProxyResult outcome, Original original, RelayPairing pairing, boolean offer) {
        boolean success = outcome.returnCode() == 1;
        boolean first;
        synchronized (this) {
            if (success) {
                original.succeeded(outcome.relay().orElse(null));
            } else {
                original.failed();
            }
            if (offer) {
                pairing.setFailed(!success);
            }
            first = !success && (offer ? !wentWithoutRelay : pairing.becomesHalf());
            wentWithoutRelay |= offer && !success;
        }
        surroundings.outage().report(id.callId(), outcome, offer, first);
        return outcome;
    }

    /**
     * Handles a 2xx to an INVITE without SDP: it starts the call's clock. If the callee described his streams before,
     * and another one after him, it brings the relay back to him. Without a To tag the relay would reject every stream
     * of the call for good, and for a call that it does not know it would create a session.
     */
    synchronized CompletableFuture<MediaProxyResult> answered(RelayedMessage message) {
        if (ended) {
            return done(MediaProxyResult.of(Outcome.CALL_ENDED, "the call has ended"));
        }
        Exchange exchange = offerAnswer.current();
        Side sender = sender(message);
        if (exchange == null
                || !relay.hasRelay()
                || message.senderTag().isEmpty()
                || exchange.requester() == sender
                || relay.pairing(exchange).hasFailed()) {
            return done(MediaProxyResult.noSdp());
        }
        if (message.obstacle() != null) {
            return done(message.obstacle());
        }
        try {
            long fingerprint = Retransmissions.fingerprint(message);
            if (retransmissions.find(fingerprint) != null) {
                return done(MediaProxyResult.repeated());
            }
            RelayState.Update update = relay.hasLeft(message.senderTag())
                    ? relay.back(message, sender, exchange, message.senderTag())
                    : relay.update(message, sender, exchange);
            return sendAnswered(update.command(), retransmissions.add(fingerprint));
        } catch (RuntimeException e) { // of a value that does not fit
            return done(MediaProxyResult.failed(e));
        }
    }

    private CompletableFuture<MediaProxyResult> sendAnswered(UpdateCommand command, Original original) {
        return surroundings
                .updates()
                .send(command, reply -> MediaProxyResult.answered(), () -> {})
                .thenApply(outcome -> {
                    if (outcome.returnCode() != 1) {
                        synchronized (this) {
                            retransmissions.drop(original); // nothing went without a relay
                        }
                    }
                    return outcome;
                });
    }

    /**
     * Returns the update that shows whether the relay still has the session; null if the last offer is not answered.
     */
    synchronized @Nullable MediaCheck mediaCheck() {
        return ended ? null : relay.mediaCheck();
    }

    /** Returns whether no exchange has begun since a check. */
    synchronized boolean isLast(MediaCheck check) {
        return !ended && relay.isLast(check.pairing());
    }

    /** Whether the relay is with this callee of a fork. */
    synchronized boolean isWith(String calleeTag) {
        return relay.calleeAtRelay().equals(calleeTag);
    }

    /** Brings the relay back to a callee of a fork, if the other one, who described his streams after him, is gone. */
    synchronized CompletableFuture<MediaProxyResult> back(RelayedMessage message, String calleeTag) {
        if (ended || !relay.hasLeft(calleeTag)) {
            return done(MediaProxyResult.noSdp());
        }
        if (message.obstacle() != null) {
            return done(message.obstacle());
        }
        try {
            UpdateCommand command = relay.back(message, sender(message), offerAnswer.ofCaller(), calleeTag)
                    .command();
            return surroundings.updates().send(command, reply -> MediaProxyResult.noSdp(), () -> {});
        } catch (RuntimeException e) { // of a value that does not fit
            return done(MediaProxyResult.failed(e));
        }
    }

    /**
     * Handles SDP of a callee who lost to another one. The relay stays with the other one, and the caller gets the same
     * ports again.
     */
    synchronized CompletableFuture<MediaProxyResult> ofLoser(RelayedMessage message) {
        if (!message.hasSdp()) {
            return done(MediaProxyResult.noSdp());
        }
        if (message.obstacle() != null) {
            return done(message.obstacle());
        }
        Exchange exchange = offerAnswer.current();
        RelayPairing pairing = exchange == null ? null : relay.pairing(exchange);
        RelayEndpoints ports = pairing == null ? null : pairing.portsFor(sender(message));
        if (pairing == null || ports == null) {
            return done(
                    MediaProxyResult.failed("another callee has answered, and the relay has no ports for this one"));
        }
        message.sdp().leaveAlone(pairing.leftAlone());
        return done(message.sdp().rewritten(ports, candidate(message)));
    }

    /**
     * Notes the ports that the relay gave, and reports if the other side of the exchange has ports of another session.
     */
    private synchronized MediaProxyResult compared(RelayPairing pairing, boolean offer, MediaProxyResult result) {
        RelayEndpoints endpoints = result.relay().orElse(null);
        if (endpoints == null) {
            return result;
        }
        String expired =
                relay.updated(pairing, offer, endpoints, surroundings.nanoTime().getAsLong());
        if (expired == null) {
            return result;
        }
        surroundings.expiredLine().log("call {}: {}", Excerpt.name(id.callId()), expired);
        return result.withOutcome(Outcome.SESSION_EXPIRED, expired);
    }

    private static CompletableFuture<MediaProxyResult> done(MediaProxyResult result) {
        return CompletableFuture.completedFuture(result);
    }
}

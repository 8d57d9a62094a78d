package io.mediaproxy.session;

import io.mediaproxy.sdp.RelayEndpoints;
import io.mediaproxy.session.sip.SipMessageView;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides which engaged call a message belongs to. A call has one leg, and more where a B2BUA in its path opens them. A
 * leg has a Call-ID and the From tag of its INVITE, and each message of it has that tag in From or To
 * ({@link Leg#owns}). A leg is joined by the place at the relay to which its offer leads. Thread-safe.
 */
final class CallDirectory {
    private final Map<CallKey, EngagedCall> byLeg = new ConcurrentHashMap<>();
    /** By the address and port at the relay to which the callee is to send. */
    private final Map<String, EngagedCall> byRelay = new ConcurrentHashMap<>();

    private final CallLimit limit;

    CallDirectory(CallLimit limit) {
        this.limit = limit;
    }

    /** Returns the call that was engaged with this INVITE, or joined with it; null if there is none. */
    @Nullable EngagedCall find(CallKey invite) {
        return byLeg.get(invite);
    }

    /** Returns the call that a message belongs to by its tags; null if there is none. */
    @Nullable EngagedCall find(SipMessageView message, CallFields fields) {
        boolean responseToInvite = !message.isRequest() && message.method().equals(SipMethod.INVITE);
        return find(fields.callId(), fields.from().tag(), fields.to().tag(), responseToInvite);
    }

    /** Returns the call of a dialog; null if there is none. */
    @Nullable EngagedCall find(String callId, String oneTag, String otherTag) {
        return find(callId, oneTag, otherTag, false);
    }

    private @Nullable EngagedCall find(String callId, String fromTag, String toTag, boolean responseToInvite) {
        EngagedCall call = owner(new CallKey(callId, fromTag), fromTag, toTag, responseToInvite);
        return call == null ? owner(new CallKey(callId, toTag), fromTag, toTag, responseToInvite) : call;
    }

    private @Nullable EngagedCall owner(CallKey leg, String fromTag, String toTag, boolean responseToInvite) {
        EngagedCall call = byLeg.get(leg);
        return call != null && call.owns(leg, responseToInvite, fromTag, toTag) ? call : null;
    }

    /**
     * Adds a call, unless there is one already.
     *
     * @param beforeAdding run if it is added, before other threads can find it
     * @return the call that is there now
     */
    EngagedCall add(EngagedCall call, Runnable beforeAdding) {
        return byLeg.computeIfAbsent(call.key(), key -> {
            beforeAdding.run();
            return call;
        });
    }

    /** Removes a call with its joined legs. */
    void remove(EngagedCall call) {
        call.legs().forEach(leg -> remove(leg, call));
        byRelay.remove(call.relayKey(), call);
    }

    private void remove(CallKey leg, EngagedCall call) {
        if (byLeg.remove(leg, call) && !leg.equals(call.key())) {
            limit.legEnded();
        }
    }

    /**
     * Returns the call that a B2BUA passes on, which keeps the Call-ID and the SDP: two relays in a row would each wait
     * for the first packet of the other.
     *
     * @param invite of a leg that is not known
     * @return null if it begins a call of its own
     */
    @Nullable EngagedCall passedOn(RelayedMessage invite) {
        EngagedCall call = byDestination(invite);
        String callId = invite.fields().callId();
        return call != null && call.legs().stream().anyMatch(leg -> leg.callId().equals(callId)) ? call : null;
    }

    /** Returns the call whose callee the offer of an INVITE would connect; null if there is none. */
    @Nullable EngagedCall byDestination(RelayedMessage invite) {
        return invite.hasSdp() && invite.obstacle() == null
                ? byRelay.get(invite.sdp().firstDestination())
                : null;
    }

    /** Joins the leg that an INVITE opens to a call. Returns false if there is no room for it. */
    boolean join(EngagedCall call, CallFields invite) {
        CallKey leg = new CallKey(invite.callId(), invite.from().tag());
        EngagedCall owner = byLeg.computeIfAbsent(leg, key -> canJoin(call, key) ? call : null);
        if (call.hasEnded()) {
            remove(leg, call);
        }
        return owner != null;
    }

    private boolean canJoin(EngagedCall call, CallKey leg) {
        if (!limit.tryJoin()) {
            return false;
        }
        boolean joined = call.join(leg);
        if (!joined) {
            limit.legEnded();
        }
        return joined;
    }

    /** Whether a leg can be joined to any call. */
    boolean hasRelays() {
        return !byRelay.isEmpty();
    }

    /** Notes where the callee of a call is to send to. */
    void putRelay(EngagedCall call, RelayEndpoints relay) {
        String key = key(relay);
        String before = call.replaceRelayKey(key);
        if (!key.equals(before)) {
            byRelay.remove(before, call);
            byRelay.put(key, call);
        }
        if (call.hasEnded()) {
            byRelay.remove(key, call);
        }
    }

    private static String key(RelayEndpoints relay) {
        int port = 0;
        for (int i = 0; i < relay.count() && port == 0; i++) {
            port = relay.port(i);
        }
        return relay.address() + ':' + port;
    }

    /** Returns the calls, those with joined legs more than once. */
    Collection<EngagedCall> calls() {
        return byLeg.values();
    }
}

package io.mediaproxy.session;

import io.mediaproxy.sdp.RelayEndpoints;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides which engaged call a message belongs to, by its Call-ID: that of the INVITE that began the call, or that of a
 * joined leg. A leg is joined by the place at the relay to which its offer leads. Thread-safe.
 */
final class CallDirectory {
    /** Also by the Call-IDs of joined legs. */
    private final Map<String, EngagedCall> byCallId = new ConcurrentHashMap<>();
    /** By the address and port at the relay to which the callee is to send. */
    private final Map<String, EngagedCall> byRelay = new ConcurrentHashMap<>();

    @Nullable EngagedCall find(String callId) {
        return byCallId.get(callId);
    }

    /**
     * Adds a call, unless there is one already.
     *
     * @param beforeAdding run if it is added, before other threads can find it
     * @return the call that is there now
     */
    EngagedCall add(EngagedCall call, Runnable beforeAdding) {
        return byCallId.computeIfAbsent(call.callId(), callId -> {
            beforeAdding.run();
            return call;
        });
    }

    /** Removes a call with its joined legs. */
    void remove(EngagedCall call) {
        byCallId.remove(call.callId(), call);
        call.joinedCallIds().forEach(callId -> byCallId.remove(callId, call));
        byRelay.remove(call.relayKey(), call);
    }

    /**
     * Joins a leg that the server itself opens to the call whose callee its offer would connect.
     *
     * @return whether there is such a call, or the Call-ID is taken
     */
    boolean join(RelayedMessage ownInvite) {
        String callId = ownInvite.fields().callId();
        if (callId.isEmpty() || !ownInvite.hasSdp() || ownInvite.obstacle() != null) {
            return false;
        }
        EngagedCall call = byRelay.get(ownInvite.sdp().firstDestination());
        if (call == null) {
            return false;
        }
        if (byCallId.putIfAbsent(callId, call) == null) {
            call.joined(callId, ownInvite.senderTag());
            if (call.hasEnded()) {
                byCallId.remove(callId, call);
            }
        }
        return true;
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
        return byCallId.values();
    }

    int size() {
        return (int) byCallId.entrySet().stream()
                .filter(entry -> entry.getKey().equals(entry.getValue().callId()))
                .count();
    }
}

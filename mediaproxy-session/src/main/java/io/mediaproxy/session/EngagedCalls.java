package io.mediaproxy.session;

import io.mediaproxy.sdp.RelayEndpoints;
import io.mediaproxy.session.sip.SipMessageView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls that {@link MediaProxy#engageMediaProxy} was called for, and what makes them go on: every message of such a call is
 * given to {@link #followAsync}, in the order in which the server handles them. Safe for use by many threads.
 *
 * <p>A call is known by its Call-ID; a second leg with a Call-ID of its own can be {@linkplain #join joined} to it. What came of
 * messages of all other calls is {@link Outcome#NOT_ENGAGED}.
 *
 * <p>What a stack tells by events, and not by messages, has methods of its own.
 */
public final class EngagedCalls {
    private static final Logger LOG = LoggerFactory.getLogger(EngagedCalls.class);

    private static final MediaProxyResult NOT_ENGAGED =
            MediaProxyResult.of(Outcome.NOT_ENGAGED, "the message is of a call that is not engaged");

    /** What is said of all other calls. */
    private final MediaProxyResult stranger;

    /** With the Call-IDs of joined legs too. */
    private final Map<String, EngagedCall> byCallId = new ConcurrentHashMap<>();
    /** By where the relay last said that the callee is to send to. */
    private final Map<String, EngagedCall> byRelay = new ConcurrentHashMap<>();

    private final List<BiConsumer<String, CompletableFuture<MediaProxyResult>>> endListeners =
            new CopyOnWriteArrayList<>();
    private final List<BiConsumer<SipMessageView, MediaProxyResult>> resultListeners = new CopyOnWriteArrayList<>();

    EngagedCalls() {
        this(NOT_ENGAGED);
    }

    private EngagedCalls(MediaProxyResult stranger) {
        this.stranger = stranger;
    }

    /** Where the module is disabled: there is never one. */
    static EngagedCalls disabled(MediaProxyResult says) {
        return new EngagedCalls(says);
    }

    /** Follows this call from now on, unless another thread was quicker. */
    CompletableFuture<MediaProxyResult> begin(EngagedCall call, SipMessageView invite) {
        CallSession session = call.session();
        EngagedCall known = byCallId.computeIfAbsent(session.callId(), id -> {
            session.onEnd(removal -> {
                forget(call);
                tell(endListeners, id, removal);
            });
            return call;
        });
        if (session.hasEnded()) {
            forget(call);
        }
        return follow(known, invite);
    }

    /**
     * A message of an engaged call, request or reply, before the server passes it on; of a fork the replies that are passed on. To
     * be called for every one, with SDP or without: for one that has an offer or an answer the dispatcher is asked, one that ends
     * the call (the last BYE; a final refusal of the INVITE) has its session removed.
     *
     * <p>Only a message with a body has to be held until the result is there, and the other messages of its call behind it.
     *
     * @param message is read before this returns, but for the body, which has to stay as it is until the result is there
     * @return completes with the new body or with the reason why there is none, never exceptionally
     */
    public CompletableFuture<MediaProxyResult> followAsync(SipMessageView message) {
        try {
            EngagedCall call = byCallId.get(CallFields.callId(message));
            return call == null ? done(stranger) : follow(call, message);
        } catch (RuntimeException e) { // of a header field that does not fit, or of the view
            return done(MediaProxyResult.failed(e));
        }
    }

    /** {@link #followAsync}, and waits for it. */
    public MediaProxyResult follow(SipMessageView message) {
        return followAsync(message).join();
    }

    private CompletableFuture<MediaProxyResult> follow(EngagedCall call, SipMessageView message) {
        CallFields fields = CallFields.of(message);
        CompletableFuture<MediaProxyResult> result = call.follow(message, fields);
        boolean forCallee = call.session().sender(message, fields) == Side.CALLER;
        return result.thenApply(outcome -> {
            if (forCallee) {
                outcome.relay().map(EngagedCalls::key).ifPresent(key -> noteRelay(call, key));
            }
            tell(resultListeners, message, outcome);
            return outcome;
        });
    }

    /** What a listener throws is its own affair: the call goes on. */
    private static <T, U> void tell(List<BiConsumer<T, U>> listeners, T what, U outcome) {
        for (BiConsumer<T, U> listener : listeners) {
            try {
                listener.accept(what, outcome);
            } catch (RuntimeException e) {
                LOG.error("a listener of engaged calls failed", e);
            }
        }
    }

    private void noteRelay(EngagedCall call, String key) {
        String before = call.relayKey(key);
        if (!key.equals(before)) {
            byRelay.remove(before, call);
            byRelay.put(key, call);
        }
        if (call.session().hasEnded()) {
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

    /**
     * The server itself sends an INVITE with a Call-ID of its own, as a B2BUA does. If its SDP leads to where the relay waits for
     * the callee of an engaged call, it is that call's second leg, and what is said of that Call-ID from now on is of that call.
     *
     * <p>An INVITE without an offer cannot be told so; that takes {@link MediaProxy#session}.
     *
     * @return whether there is such a call
     */
    public boolean join(SipMessageView ownInvite) {
        String callId = CallFields.callId(ownInvite);
        if (callId.isEmpty() || byRelay.isEmpty()) {
            return false;
        }
        MessageSdp sdp = MessageSdp.of(ownInvite);
        EngagedCall call = sdp.isAbsent() || sdp.obstacle() != null ? null : byRelay.get(sdp.firstDestination());
        if (call == null) {
            return false;
        }
        if (byCallId.putIfAbsent(callId, call) == null) {
            call.joined(callId, CallFields.of(ownInvite).from().tag());
            if (call.session().hasEnded()) {
                byCallId.remove(callId, call);
            }
        }
        return true;
    }

    /** Whether messages of this Call-ID are followed. */
    public boolean isEngaged(String callId) {
        return byCallId.containsKey(callId);
    }

    /** The Call-ID that a call was engaged under, which is another one for a {@linkplain #join joined} leg; empty: it is not. */
    public Optional<String> primaryCallId(String callId) {
        return Optional.ofNullable(byCallId.get(callId))
                .map(call -> call.session().callId());
    }

    /**
     * The server has sent the last reply to an INVITE, or will send none any more: if nobody has answered, the call is over. For
     * servers that do not give the refusals of a fork's branches to {@link #followAsync}, because they choose among them.
     *
     * @param cseq of that INVITE; one with the same Call-ID may have come behind it, with credentials
     */
    public CompletableFuture<MediaProxyResult> inviteTerminatedAsync(String callId, long cseq) {
        return ofCall(callId, call -> call.inviteOver(callId, cseq));
    }

    /**
     * A dialog that was answered is over, as the stack says. The last one of its call ends the call.
     *
     * @param oneTag of its two tags, in any order
     */
    public CompletableFuture<MediaProxyResult> dialogTerminatedAsync(String callId, String oneTag, String otherTag) {
        return ofCall(callId, call -> call.hungUp(callId, oneTag, otherTag));
    }

    /** The call is over, whatever its messages say. */
    public CompletableFuture<MediaProxyResult> endAsync(String callId) {
        return ofCall(callId, call -> call.session().end());
    }

    /**
     * Has somebody told what came of each message of an engaged call, before the server goes on with it, on the thread that found
     * out: for logs and counters, where an adapter keeps the results to itself. It must not block; what it throws is logged. The message is as it
     * came.
     */
    public void onResult(BiConsumer<SipMessageView, MediaProxyResult> listener) {
        resultListeners.add(listener);
    }

    /**
     * Has somebody told of each engaged call that ends, whatever ended it, by the Call-ID that it was engaged under, and what comes
     * of the removal of its session; on the thread that ended it. It must not block; what it throws is logged.
     */
    public void onEnded(BiConsumer<String, CompletableFuture<MediaProxyResult>> listener) {
        endListeners.add(listener);
    }

    /** Ends all calls, for a server that stops and takes its calls with it; completes when their sessions are removed. */
    public CompletableFuture<Void> endAllAsync() {
        return CompletableFuture.allOf(
                byCallId.values().stream().map(call -> call.session().end()).toArray(CompletableFuture[]::new));
    }

    /** How many calls are engaged. */
    public int size() {
        return (int) byCallId.entrySet().stream()
                .filter(entry ->
                        entry.getKey().equals(entry.getValue().session().callId()))
                .count();
    }

    MediaTimeout mediaTimeout(CallSession session) {
        EngagedCall call = byCallId.get(session.callId());
        return call == null
                ? new MediaTimeout(session.callId(), session.callerTag(), Optional.empty(), Optional.empty())
                : call.mediaTimeout();
    }

    private CompletableFuture<MediaProxyResult> ofCall(
            String callId, Function<EngagedCall, CompletableFuture<MediaProxyResult>> action) {
        EngagedCall call = byCallId.get(callId);
        return call == null ? done(stranger) : action.apply(call);
    }

    private void forget(EngagedCall call) {
        byCallId.remove(call.session().callId(), call);
        call.joinedCallIds().forEach(callId -> byCallId.remove(callId, call));
        byRelay.remove(call.relayKey(), call);
    }

    private static CompletableFuture<MediaProxyResult> done(MediaProxyResult result) {
        return CompletableFuture.completedFuture(result);
    }
}

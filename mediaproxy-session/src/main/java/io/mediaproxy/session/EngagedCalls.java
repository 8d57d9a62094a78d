package io.mediaproxy.session;

import io.mediaproxy.session.sip.SipMessageView;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls for which {@link MediaProxy#engageMediaProxy} was called. The server hands every message of such a call to
 * {@link #followAsync}, in the order in which it handles them.
 *
 * <p>A call is identified by its Call-ID; a second leg with another Call-ID can be {@linkplain #join joined} to it. The
 * result for messages of all other calls is {@link Outcome#NOT_ENGAGED}.
 *
 * <p>What a stack reports by events instead of messages has separate methods.
 *
 * <p>Thread-safe.
 */
public final class EngagedCalls {
    private static final Logger LOG = LoggerFactory.getLogger(EngagedCalls.class);

    private static final MediaProxyResult NOT_ENGAGED =
            MediaProxyResult.of(Outcome.NOT_ENGAGED, "the message is of a call that is not engaged");

    private final MediaProxyResult resultOfOthers;
    private final CallDirectory calls = new CallDirectory();

    private final List<BiConsumer<String, CompletableFuture<MediaProxyResult>>> endListeners =
            new CopyOnWriteArrayList<>();
    private final List<BiConsumer<SipMessageView, MediaProxyResult>> resultListeners = new CopyOnWriteArrayList<>();

    EngagedCalls() {
        this(NOT_ENGAGED);
    }

    /** @param resultOfOthers the result for messages of calls that are not engaged */
    EngagedCalls(MediaProxyResult resultOfOthers) {
        this.resultOfOthers = resultOfOthers;
    }

    /** Follows a call from now on, beginning with its INVITE, unless another thread engaged it before. */
    CompletableFuture<MediaProxyResult> begin(EngagedCall call, SipMessageView invite, CallFields fields) {
        EngagedCall known = calls.add(call, () -> call.session().onEnd(removal -> ended(call, removal)));
        if (known.hasEnded()) {
            calls.remove(known);
        }
        return follow(known, invite, fields);
    }

    private void ended(EngagedCall call, CompletableFuture<MediaProxyResult> removal) {
        call.sessionEnded();
        calls.remove(call);
        notify(endListeners, call.callId(), removal);
    }

    /**
     * Handles a message of an engaged call, request or response, before the server passes it on; of a fork the
     * responses that are passed on. To be called for every one, with SDP or without. If it has an offer or an answer,
     * the dispatcher is asked. If it ends the call (the last BYE, a final refusal of the INVITE), the session is
     * removed.
     *
     * <p>The server has to hold only a message with a body until the result is there, and the following messages of its
     * call.
     *
     * @param message is read before this returns, except for the body, which must not change until the result is there
     * @return completes with the new body or with the reason why there is none, never exceptionally
     */
    public CompletableFuture<MediaProxyResult> followAsync(SipMessageView message) {
        try {
            String callId = CallFields.callId(message);
            EngagedCall call = calls.find(callId);
            return call == null ? done(resultOfOthers) : follow(call, message, CallFields.of(message, callId));
        } catch (RuntimeException e) { // of a header field that does not fit, or from the view
            return done(MediaProxyResult.failed(e));
        }
    }

    /**
     * Calls {@link #followAsync} and waits for the result.
     *
     * @param message as for {@link #followAsync}
     * @return the result
     */
    public MediaProxyResult follow(SipMessageView message) {
        return followAsync(message).join();
    }

    private CompletableFuture<MediaProxyResult> follow(EngagedCall call, SipMessageView view, CallFields fields) {
        RelayedMessage message = RelayedMessage.of(view, fields, call.attributes());
        boolean forCallee = call.session().sender(message) == Side.CALLER;
        return call.follow(message).thenApply(result -> {
            if (forCallee) {
                result.relay().ifPresent(relay -> calls.putRelay(call, relay));
            }
            notify(resultListeners, view, result);
            return result;
        });
    }

    /** Exceptions from listeners are logged; the call continues. */
    private static <T, U> void notify(List<BiConsumer<T, U>> listeners, T subject, U result) {
        for (BiConsumer<T, U> listener : listeners) {
            try {
                listener.accept(subject, result);
            } catch (RuntimeException | Error e) {
                LOG.error("a listener of engaged calls failed", e);
            }
        }
    }

    /**
     * Joins a leg to an engaged call. To be called when the server itself sends an INVITE with another Call-ID, as a
     * B2BUA does. If its SDP leads to the place where the relay waits for the callee of an engaged call, it opens the
     * second leg of that call, and messages with its Call-ID belong to that call from now on.
     *
     * <p>An INVITE without an offer cannot be recognised so; use {@link MediaProxy#session} for that.
     *
     * @param ownInvite the INVITE of the second leg, with the relay in its SDP
     * @return whether there is such a call
     */
    public boolean join(SipMessageView ownInvite) {
        return calls.hasRelays() && calls.join(RelayedMessage.of(ownInvite, CallAttributes.NONE));
    }

    /**
     * Returns whether messages with a Call-ID are followed.
     *
     * @param callId of the call or of a joined leg
     * @return true between the beginning and the end of the call
     */
    public boolean isEngaged(String callId) {
        return calls.find(callId) != null;
    }

    /**
     * Returns the Call-ID that a call was engaged with, which differs from that of a {@linkplain #join joined} leg.
     *
     * @param callId of the call or of a joined leg
     * @return empty if the call is not engaged
     */
    public Optional<String> primaryCallId(String callId) {
        return Optional.ofNullable(calls.find(callId)).map(EngagedCall::callId);
    }

    /**
     * Reports that an INVITE transaction ended: the server has sent the last response, or will not send any more. The
     * call is over unless it was answered. For servers that do not hand the refusals of a fork's branches to
     * {@link #followAsync}, because they choose among them.
     *
     * @param callId of the call or of a joined leg
     * @param cseq of that INVITE; another one with the same Call-ID may have followed, with credentials
     * @return as of {@link #followAsync}
     */
    public CompletableFuture<MediaProxyResult> inviteTerminatedAsync(String callId, long cseq) {
        return ofCall(callId, call -> call.inviteTerminated(callId, cseq));
    }

    /**
     * Reports that a dialog that was answered ended. The last one of its call ends the call.
     *
     * @param callId of the dialog
     * @param oneTag of its two tags, in any order
     * @param otherTag the other one
     * @return as of {@link #followAsync}
     */
    public CompletableFuture<MediaProxyResult> dialogTerminatedAsync(String callId, String oneTag, String otherTag) {
        return ofCall(callId, call -> call.dialogTerminated(callId, oneTag, otherTag));
    }

    /**
     * Ends a call, whatever its messages say.
     *
     * @param callId of the call or of a joined leg
     * @return as of {@link MediaSession#endAsync}
     */
    public CompletableFuture<MediaProxyResult> endAsync(String callId) {
        return ofCall(callId, EngagedCall::end);
    }

    /**
     * Adds a listener that gets the result for each message of an engaged call, before the server continues with it:
     * for logs and counters, where an adapter keeps the results to itself. It runs on the thread that completes the
     * result and must not block; exceptions from it are logged.
     *
     * @param listener gets the message as it came in, and its result
     */
    public void onResult(BiConsumer<SipMessageView, MediaProxyResult> listener) {
        resultListeners.add(listener);
    }

    /**
     * Adds a listener that is called for each engaged call that ends, whatever the reason. It runs on the thread that
     * ended the call and must not block; exceptions from it are logged.
     *
     * @param listener gets the Call-ID that the call was engaged with, and the result of the removal of its session
     */
    public void onEnded(BiConsumer<String, CompletableFuture<MediaProxyResult>> listener) {
        endListeners.add(listener);
    }

    /**
     * Ends all calls, for a server that stops and takes its calls with it.
     *
     * @return completes when their sessions are removed
     */
    public CompletableFuture<Void> endAllAsync() {
        return CompletableFuture.allOf(
                calls.calls().stream().map(EngagedCall::end).toArray(CompletableFuture[]::new));
    }

    /**
     * Returns the number of engaged calls.
     *
     * @return joined legs do not count
     */
    public int size() {
        return calls.size();
    }

    MediaTimeout mediaTimeout(CallSession session) {
        EngagedCall call = calls.find(session.id().callId());
        return call == null
                ? new MediaTimeout(session.id().callId(), session.id().callerTag(), Optional.empty(), Optional.empty())
                : call.mediaTimeout();
    }

    private CompletableFuture<MediaProxyResult> ofCall(
            String callId, Function<EngagedCall, CompletableFuture<MediaProxyResult>> action) {
        EngagedCall call = calls.find(callId);
        return call == null ? done(resultOfOthers) : action.apply(call);
    }

    private static CompletableFuture<MediaProxyResult> done(MediaProxyResult result) {
        return CompletableFuture.completedFuture(result);
    }
}

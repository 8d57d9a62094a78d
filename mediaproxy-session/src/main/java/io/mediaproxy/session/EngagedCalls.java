package io.mediaproxy.session;

import io.mediaproxy.protocol.log.CountedLine;
import io.mediaproxy.protocol.log.Log;
import io.mediaproxy.session.sip.SipMessageView;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * The calls for which {@link MediaProxy#engageMediaProxy} was called. The server hands every message of such a call to
 * {@link #followAsync}, in the order in which it handles them.
 *
 * <p>A message belongs to a call by its Call-ID and its tags: an INVITE without To tag by the From tag, the responses
 * to it too, and every other message by two tags of one of the call's dialogs (RFC 3261 12). So two calls may have one
 * Call-ID. A second leg can be {@linkplain #join joined} to a call. The result for all other messages is
 * {@link Outcome#NOT_ENGAGED}.
 *
 * <p>What a stack reports by events instead of messages has separate methods.
 *
 * <p>Thread-safe.
 */
public final class EngagedCalls {
    private static final Log LOG = Log.of(EngagedCalls.class);

    private static final MediaProxyResult NOT_ENGAGED =
            MediaProxyResult.of(Outcome.NOT_ENGAGED, "the message is of a call that is not engaged");

    static final MediaProxyResult PASSED_ON = MediaProxyResult.of(
            Outcome.UNCHANGED, "it passes on the offer of an engaged call, and its media go to the relay already");

    private static final MediaProxyResult TOO_MANY_CALLS = MediaProxyResult.of(
            Outcome.TOO_MANY_CALLS, "as many calls are engaged as maxEngagedCalls allows, or half of them unanswered");

    private final MediaProxyResult resultOfOthers;
    private final CountedLine failureLine = LOG.counted(Level.ERROR, System::nanoTime);
    private final CallLimit limit;
    private final Function<CallSession, CompletableFuture<Void>> ending;
    private final CallDirectory calls;

    private final List<BiConsumer<CallKey, CompletableFuture<MediaProxyResult>>> endListeners =
            new CopyOnWriteArrayList<>();
    private final List<BiConsumer<SipMessageView, MediaProxyResult>> resultListeners = new CopyOnWriteArrayList<>();

    EngagedCalls(CallLimit limit, Function<CallSession, CompletableFuture<Void>> ending) {
        this(limit, ending, NOT_ENGAGED);
    }

    /**
     * @param ending ends the session of a call when there is room; completes when it is removed
     * @param resultOfOthers the result for messages of calls that are not engaged
     */
    EngagedCalls(
            CallLimit limit, Function<CallSession, CompletableFuture<Void>> ending, MediaProxyResult resultOfOthers) {
        this.limit = limit;
        this.ending = ending;
        this.calls = new CallDirectory(limit);
        this.resultOfOthers = resultOfOthers;
    }

    /**
     * Follows a call from now on, beginning with its INVITE, unless another thread engaged it before.
     *
     * @param newCall makes the call; it may fail, or return null
     * @return the result for the INVITE; null if there is no new call
     */
    @Nullable CompletableFuture<MediaProxyResult> begin(
            CallKey key, RelayedMessage invite, Supplier<@Nullable EngagedCall> newCall) {
        if (!limit.tryBegin(key, invite.fields().cseqNumber())) {
            return done(TOO_MANY_CALLS);
        }
        EngagedCall call = null;
        try {
            call = newCall.get();
        } finally {
            if (call == null) {
                limit.ended(false);
            }
        }
        return call == null ? null : follow(added(call), invite);
    }

    private EngagedCall added(EngagedCall call) {
        EngagedCall known = calls.add(call, () -> call.beginsIn(this));
        if (known != call) {
            call.leave(limit);
        }
        if (known.hasEnded()) {
            calls.remove(known);
            known.leave(limit);
        }
        return known;
    }

    /** A call was answered. */
    void answered() {
        limit.answered();
    }

    /** Forgets a call whose session has ended. */
    void ended(EngagedCall call, CompletableFuture<MediaProxyResult> removal) {
        calls.remove(call);
        call.leave(limit);
        notify(endListeners, call.key(), removal);
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
            CallFields fields = CallFields.of(message);
            EngagedCall call = calls.find(message, fields);
            if (call != null) {
                return follow(call, RelayedMessage.of(message, fields, call.attributes()));
            }
            boolean passedOn =
                    fields.beginsCall(message) && joinPassedOn(RelayedMessage.of(message, fields, CallAttributes.NONE));
            return done(passedOn ? PASSED_ON : resultOfOthers);
        } catch (RuntimeException e) { // of a header field that does not fit, or from the view
            return done(MediaProxyResult.failed(e));
        }
    }

    /**
     * Joins the leg of an INVITE with which a B2BUA passes a call on. Returns whether it is such an INVITE: it gets no
     * relay of its own, even if there is no room for its leg.
     */
    boolean joinPassedOn(RelayedMessage invite) {
        EngagedCall call = calls.hasRelays() ? calls.passedOn(invite) : null;
        if (call != null) {
            boolean unused = calls.join(call, invite.fields());
        }
        return call != null;
    }

    /** Returns the call that a message belongs to by its tags; null if there is none. */
    @Nullable EngagedCall find(SipMessageView message, CallFields fields) {
        return calls.find(message, fields);
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

    CompletableFuture<MediaProxyResult> follow(EngagedCall call, RelayedMessage message) {
        boolean forCallee = call.session().exchanges().sender(message) == Side.CALLER;
        return call.follow(message).thenApply(result -> {
            if (forCallee) {
                result.relay().ifPresent(relay -> calls.putRelay(call, relay));
            }
            notify(resultListeners, message.view(), result);
            return result;
        });
    }

    /** Exceptions from listeners are logged; the call continues. */
    private <T, U> void notify(List<BiConsumer<T, U>> listeners, T subject, U result) {
        for (BiConsumer<T, U> listener : listeners) {
            try {
                listener.accept(subject, result);
            } catch (RuntimeException | Error e) {
                failureLine.log("a listener of engaged calls failed", e);
            }
        }
    }

    /**
     * Joins a leg to an engaged call. To be called when the server itself sends an INVITE with another Call-ID, as a
     * B2BUA does. If its SDP leads to the place where the relay waits for the callee of an engaged call, it opens the
     * second leg of that call, and messages of that leg belong to the call from now on.
     *
     * <p>A call has at most 8 joined legs. An INVITE without an offer cannot be recognised so; use
     * {@link MediaProxy#session} for that.
     *
     * @param ownInvite the INVITE of the second leg, with the relay in its SDP
     * @return whether there is such a call, and room for the leg
     */
    public boolean join(SipMessageView ownInvite) {
        if (!calls.hasRelays()) {
            return false;
        }
        RelayedMessage invite = RelayedMessage.of(ownInvite, CallAttributes.NONE);
        EngagedCall call = invite.fields().callId().isEmpty() ? null : calls.byDestination(invite);
        return call != null && calls.join(call, invite.fields());
    }

    /**
     * Returns the engaged call that a message belongs to.
     *
     * @param message of the call or of a {@linkplain #join joined} leg
     * @return how the call is identified; empty if {@link #followAsync} would return {@link Outcome#NOT_ENGAGED}
     */
    public Optional<CallKey> find(SipMessageView message) {
        CallFields fields = CallFields.of(message);
        EngagedCall call = calls.find(message, fields);
        if (call == null && fields.beginsCall(message) && calls.hasRelays()) {
            call = calls.passedOn(RelayedMessage.of(message, fields, CallAttributes.NONE));
        }
        return Optional.ofNullable(call).map(EngagedCall::key);
    }

    /**
     * Returns whether a call is engaged.
     *
     * @param call of its first INVITE, or of that of a joined leg
     * @return true between the beginning and the end of the call
     */
    public boolean isEngaged(CallKey call) {
        return calls.find(call) != null;
    }

    /**
     * Reports that an INVITE transaction ended: the server has sent the last response, or will not send any more. The
     * call is over unless it was answered. For servers that do not hand the refusals of a fork's branches to
     * {@link #followAsync}, because they choose among them.
     *
     * @param invite Call-ID and From tag of that INVITE
     * @param cseq of that INVITE; another one with the same Call-ID may have followed, with credentials
     * @return as of {@link #followAsync}
     */
    public CompletableFuture<MediaProxyResult> inviteTerminatedAsync(CallKey invite, long cseq) {
        return ofCall(calls.find(invite), call -> call.inviteTerminated(invite, cseq));
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
        return ofCall(calls.find(callId, oneTag, otherTag), call -> call.dialogTerminated(callId, oneTag, otherTag));
    }

    /**
     * Ends a call, whatever its messages say.
     *
     * @param call of its first INVITE, or of that of a joined leg
     * @return as of {@link MediaSession#endAsync}
     */
    public CompletableFuture<MediaProxyResult> endAsync(CallKey call) {
        return ofCall(calls.find(call), EngagedCall::end);
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
     * @param listener gets Call-ID and From tag of the INVITE that the call was engaged with, and the result of the
     *     removal of its session
     */
    public void onEnded(BiConsumer<CallKey, CompletableFuture<MediaProxyResult>> listener) {
        endListeners.add(listener);
    }

    /**
     * Ends all calls, for a server that stops and takes its calls with it: as many at a time as the dispatcher's client
     * has room for. A call whose turn has not come goes on.
     *
     * @return completes when their sessions are removed, never exceptionally. While the dispatcher cannot be reached it
     *     waits, for two hours at most; a server that stops should not. {@link MediaProxy#close} completes it
     */
    public CompletableFuture<Void> endAllAsync() {
        return CompletableFuture.allOf(calls.calls().stream()
                .distinct()
                .map(call -> ending.apply(call.session()))
                .toArray(CompletableFuture[]::new));
    }

    /**
     * Returns the number of engaged calls.
     *
     * @return joined legs do not count
     */
    public int size() {
        return limit.calls();
    }

    private CompletableFuture<MediaProxyResult> ofCall(
            @Nullable EngagedCall call, Function<EngagedCall, CompletableFuture<MediaProxyResult>> action) {
        return call == null ? done(resultOfOthers) : action.apply(call);
    }

    private static CompletableFuture<MediaProxyResult> done(MediaProxyResult result) {
        return CompletableFuture.completedFuture(result);
    }
}

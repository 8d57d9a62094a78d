package io.mediaproxy.session;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tracks per Call-ID whether the relay has a session; the protocol cannot tell. It serves three promises:
 *
 * <ul>
 *   <li>A response without SDP is not sent for a call that has no session: the dispatcher would create one that nothing
 *       removes.
 *   <li>No response is sent for a call that has ended, such as a 200 that crosses a CANCEL. A request begins again.
 *   <li>A session made by an update whose caller had given up is removed, unless another update of that call succeeded,
 *       because then the call uses that very session.
 * </ul>
 *
 * <pre>
 *   event \ state        UNKNOWN       NO_SESSION   SESSION   ENDED
 *   INVITE_WITHOUT_OFFER NO_SESSION*   .            .         .
 *   UPDATE_SENT          .             .            .         UNKNOWN
 *   UPDATE_SUCCEEDED     SESSION       SESSION      .         .**
 *   UPDATE_FAILED        NO_SESSION    .            .         .
 *   CALL_ENDED           ENDED         ENDED        ENDED     .
 *
 *   .  no change     *  unless an update is in flight     **  the remove that ended the call follows this update
 * </pre>
 *
 * <p>An update that succeeds late changes no state. It makes an orphan, to be removed as soon as no update is in flight
 * and the state is still UNKNOWN or NO_SESSION.
 *
 * <p>What is recorded and what is sent have to be in the same order: who records that a command is sent, or decides
 * that a session is removed, holds {@link #turn} until the command is in the client's queue. Otherwise a removal that
 * was decided before an update could follow it, and remove the session of a live call.
 *
 * <p>Bounded: of more than {@value #MAX_CALLS} calls the one that was idle for the longest time is dropped. It counts
 * as UNKNOWN then, which breaks no promise for a call that behaves.
 *
 * <p>Thread-safe.
 */
final class SessionLedger {
    static final int MAX_CALLS = 100_000;

    /** Calls with the same turn wait for each other, for as long as it takes to queue a command. */
    private static final int TURNS = 64;

    private enum State {
        UNKNOWN,
        NO_SESSION,
        SESSION,
        ENDED
    }

    private enum Event {
        INVITE_WITHOUT_OFFER,
        UPDATE_SENT,
        UPDATE_SUCCEEDED,
        UPDATE_FAILED,
        CALL_ENDED
    }

    private static final class Call {
        private State state = State.UNKNOWN;
        private int updatesInFlight;
        /** Whether a late update made a session that no other update has confirmed. */
        private boolean orphaned;

        /**
         * The message whose SDP got no relay: that of the other side must not get one either. Null if there is none.
         */
        private @Nullable String withoutRelay;
        /** The message whose SDP got a relay. */
        private @Nullable String withRelay;

        void apply(Event event) {
            state = switch (event) {
                case INVITE_WITHOUT_OFFER -> state == State.UNKNOWN && updatesInFlight == 0 ? State.NO_SESSION : state;
                case UPDATE_SENT -> state == State.ENDED ? State.UNKNOWN : state;
                case UPDATE_SUCCEEDED -> state == State.ENDED ? State.ENDED : State.SESSION;
                case UPDATE_FAILED -> state == State.UNKNOWN ? State.NO_SESSION : state;
                case CALL_ENDED -> State.ENDED;
            };
        }

        void updateFinished() {
            updatesInFlight = Math.max(0, updatesInFlight - 1); // 0 if the call was dropped meanwhile
        }

        /** Whether there is an orphan to remove now; returns true once for it. */
        boolean claimOrphan() {
            boolean claimed = orphaned && state != State.SESSION && updatesInFlight == 0;
            orphaned &= !claimed;
            return claimed;
        }
    }

    private final Map<String, Call> calls = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Call> eldest) {
            return size() > MAX_CALLS;
        }
    };

    private final Object[] turns = Stream.generate(Object::new).limit(TURNS).toArray();

    /**
     * The lock to hold while a command of this call is recorded and queued. It comes after all locks of a call, and no
     * code of the application runs with it.
     */
    Object turn(String callId) {
        return turns[Math.floorMod(callId.hashCode(), TURNS)];
    }

    /**
     * Records whether the SDP of one side of an exchange got a relay. If it did not, and that of the other side does,
     * only one side is heard.
     *
     * @param exchange names the exchange and the side
     */
    synchronized void described(String callId, String exchange, boolean relayed) {
        Call call = call(callId);
        if (relayed) {
            call.withRelay = exchange;
            if (exchange.equals(call.withoutRelay)) {
                call.withoutRelay = null; // it was sent again
            }
        } else if (!exchange.equals(call.withRelay)) {
            call.withoutRelay = exchange;
        }
    }

    /** Whether the SDP of this side of an exchange was the last one that got no relay. */
    synchronized boolean isWithoutRelay(String callId, String exchange) {
        Call call = calls.get(callId);
        return call != null && exchange.equals(call.withoutRelay);
    }

    /** An INVITE without an offer: unless the call has a session already, it has none. */
    synchronized void inviteWithoutOffer(String callId) {
        call(callId).apply(Event.INVITE_WITHOUT_OFFER);
    }

    synchronized void updateSent(String callId) {
        Call call = call(callId);
        call.apply(Event.UPDATE_SENT);
        call.updatesInFlight++;
    }

    /**
     * An update succeeded.
     *
     * @return whether the call uses the session. If it ended meanwhile, the removal that ended it follows this update
     */
    synchronized boolean updateSucceeded(String callId) {
        Call call = call(callId);
        call.apply(Event.UPDATE_SUCCEEDED);
        call.updateFinished();
        boolean used = call.state == State.SESSION;
        call.orphaned &= !used;
        return used;
    }

    /** An update failed. */
    synchronized void updateFailed(String callId) {
        Call call = call(callId);
        call.apply(Event.UPDATE_FAILED);
        call.updateFinished();
    }

    /** An update succeeded after its caller had given up. */
    synchronized void updateSucceededLate(String callId) {
        Call call = call(callId);
        // The session of a call that has ended meanwhile is removed by the remove that ended it, which follows this
        // update.
        call.orphaned |= call.state != State.ENDED;
    }

    /**
     * Returns whether a late update made a session that has to be removed now. The call has ended then. To be called
     * after each update that failed or succeeded late, and with {@link #turn}.
     */
    synchronized boolean endOrphan(String callId) {
        Call call = calls.get(callId);
        if (call == null || !call.claimOrphan()) {
            return false;
        }
        call.apply(Event.CALL_ENDED);
        return true;
    }

    /** A call ended. Returns whether it had a session. */
    synchronized boolean callEnded(String callId) {
        Call call = call(callId);
        boolean hadSession = call.state == State.SESSION;
        call.apply(Event.CALL_ENDED);
        return hadSession;
    }

    /** Whether the dispatcher may know a session of this call. */
    synchronized boolean mayHaveSession(String callId) {
        Call call = calls.get(callId);
        return call == null || call.state == State.UNKNOWN || call.state == State.SESSION;
    }

    /** Whether the call has a session, or an update is in flight that may make one. */
    synchronized boolean hasSession(String callId) {
        Call call = calls.get(callId);
        return call != null && (call.state == State.SESSION || call.updatesInFlight > 0);
    }

    synchronized boolean hasEnded(String callId) {
        Call call = calls.get(callId);
        return call != null && call.state == State.ENDED;
    }

    private Call call(String callId) {
        return calls.computeIfAbsent(callId, key -> new Call());
    }
}

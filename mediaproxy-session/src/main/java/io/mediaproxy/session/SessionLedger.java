package io.mediaproxy.session;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What this side knows of the sessions at the relay, by Call-ID, to keep promises that the wire cannot:
 *
 * <ul>
 *   <li>A reply without SDP is not told for a call that has no session: the dispatcher would invent one that nothing removes.
 *   <li>Nor is any reply of a call that has ended, such as a 200 that crosses a CANCEL; a request begins anew.
 *   <li>A session made by an update whose caller had given up is removed, unless another update of that call got through,
 *       because then the call lives on that very session.
 * </ul>
 *
 * <p>Bounded: of more than {@value #MAX_CALLS} calls the one that was not touched for the longest time is forgotten. What is
 * forgotten counts as unknown, which breaks no promise for a call that behaves. Safe for use by many threads.
 */
final class SessionLedger {
    static final int MAX_CALLS = 100_000;

    private enum State {
        UNKNOWN,
        NO_SESSION,
        SESSION,
        ENDED
    }

    private static final class Call {
        private State state = State.UNKNOWN;
        private int updatesInFlight;
        private boolean orphaned;
    }

    private final Map<String, Call> calls = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Call> eldest) {
            return size() > MAX_CALLS;
        }
    };

    /** An INVITE went by without an offer: unless the call has a session already, it has none. */
    synchronized void withoutOffer(String callId) {
        Call call = call(callId);
        if (call.state == State.UNKNOWN && call.updatesInFlight == 0) {
            call.state = State.NO_SESSION;
        }
    }

    /** Whether the dispatcher may know a session of this call. */
    synchronized boolean mayHaveSession(String callId) {
        Call call = calls.get(callId);
        return call == null || call.state == State.UNKNOWN || call.state == State.SESSION;
    }

    /** Whether the call has a session, or an update is on its way to make one. */
    synchronized boolean hasSession(String callId) {
        Call call = calls.get(callId);
        return call != null && (call.state == State.SESSION || call.updatesInFlight > 0);
    }

    synchronized boolean hasEnded(String callId) {
        Call call = calls.get(callId);
        return call != null && call.state == State.ENDED;
    }

    synchronized boolean hasUpdateInFlight(String callId) {
        Call call = calls.get(callId);
        return call != null && call.updatesInFlight > 0;
    }

    synchronized void updateSent(String callId) {
        Call call = call(callId);
        if (call.state == State.ENDED) {
            call.state = State.UNKNOWN;
        }
        call.updatesInFlight++;
    }

    synchronized void updateSucceeded(String callId) {
        Call call = call(callId);
        call.updatesInFlight = Math.max(0, call.updatesInFlight - 1);
        if (call.state != State.ENDED) { // the remove that ended the call went out behind this update
            call.state = State.SESSION;
            call.orphaned = false;
        }
    }

    /** An update came to nothing. Whether a session has to be removed that an earlier update of this call left behind. */
    synchronized boolean updateFailed(String callId) {
        Call call = call(callId);
        if (call.state == State.UNKNOWN) {
            call.state = State.NO_SESSION;
        }
        call.updatesInFlight = Math.max(0, call.updatesInFlight - 1);
        return call.orphaned && isAbandoned(call) && claim(call);
    }

    /**
     * An update succeeded after its caller had given up. Whether its session has to be removed now; that of a call that ended in
     * the meantime is removed by what ended it, which goes out behind this update.
     */
    synchronized boolean updateSucceededLate(String callId) {
        Call call = calls.get(callId);
        if (call == null) {
            return true; // forgotten for being idle
        }
        if (call.state == State.ENDED) {
            return false;
        }
        call.orphaned = true;
        return isAbandoned(call) && claim(call);
    }

    private static boolean isAbandoned(Call call) {
        return call.state != State.SESSION && call.updatesInFlight == 0;
    }

    private static boolean claim(Call call) {
        call.orphaned = false;
        return true;
    }

    synchronized void ended(String callId) {
        call(callId).state = State.ENDED;
    }

    private Call call(String callId) {
        return calls.computeIfAbsent(callId, id -> new Call());
    }
}

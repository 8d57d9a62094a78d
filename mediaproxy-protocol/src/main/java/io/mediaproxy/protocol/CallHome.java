package io.mediaproxy.protocol;

import org.jspecify.annotations.Nullable;

/**
 * Where one call is among several dispatchers: its home, its relay, and the dispatchers that may have a session of it.
 * {@link DispatcherPool#newCall()} creates it; the owner of the call gives it with each command, so that the pool
 * itself remembers no call. Thread-safe.
 */
public final class CallHome {
    private static final int NONE = -1;

    /** For the calls of a pool that has no choice, and does not look at it. */
    static final CallHome ALWAYS_THE_SAME = new CallHome();

    private int home = NONE;
    /** One bit for each dispatcher. */
    private int holders;

    private boolean moved;
    private @Nullable String relay;
    /** Of the last exchange that got ports: a CSeq counts for the party that made the request. */
    private @Nullable String requester;

    private @Nullable String cseq;

    CallHome() {}

    /**
     * Returns whether the call has left its first dispatcher. The relay reports a media timeout only to the dispatcher
     * that created the session, so that from then on no dispatcher asks for the end of the call.
     *
     * @return false for a call that was never moved
     */
    public synchronized boolean hasMoved() {
        return moved;
    }

    /**
     * Returns whether a dispatcher may have a session of the call.
     *
     * @return false before the first update, and after each dispatcher has answered the removal
     */
    public synchronized boolean mayHaveSession() {
        return holders != 0;
    }

    /** Returns the index of the dispatcher that gets the commands of the call, or -1 before the first success. */
    synchronized int home() {
        return home;
    }

    /** Returns the relay of the call, as the last reply named it. */
    synchronized @Nullable String relay() {
        return relay;
    }

    /** Returns the dispatchers that may have a session of the call, one bit for each. */
    synchronized int holders() {
        return holders;
    }

    /**
     * Returns whether the relay has the exchange of an update already, so that it takes it for an answer, and ignores
     * it if it comes twice.
     */
    synchronized boolean hasExchange(UpdateCommand command) {
        return command.cseq().equals(cseq) && command.fromTag().equals(requester);
    }

    /** Records that an update is sent. Returns whether the dispatcher had no session of the call before. */
    synchronized boolean sending(int dispatcher) {
        boolean isNew = (holders & bit(dispatcher)) == 0;
        holders |= bit(dispatcher);
        return isNew;
    }

    /** Records that the dispatcher has no session of the call: it removed it, or never had it. */
    synchronized void holdsNothing(int dispatcher) {
        holders &= ~bit(dispatcher);
        if (holders == 0) {
            home = NONE;
            relay = null;
            requester = null;
            cseq = null;
            moved = false;
        }
    }

    /** Records the success of an update. */
    synchronized void succeeded(int dispatcher, UpdateCommand command, DispatcherReply reply) {
        holders |= bit(dispatcher);
        moved |= home != NONE && home != dispatcher;
        home = dispatcher;
        if (reply instanceof DispatcherReply.Endpoints endpoints) {
            relay = endpoints.address();
            requester = command.fromTag();
            cseq = command.cseq();
        }
    }

    /**
     * Records a success after the caller gave up.
     *
     * @return whether another dispatcher took over meanwhile, with another relay: then the late session is unused
     */
    synchronized boolean succeededLate(int dispatcher, DispatcherReply.Endpoints endpoints) {
        holders |= bit(dispatcher);
        return tookOver(dispatcher) && !endpoints.address().equals(relay);
    }

    /** Returns whether another dispatcher has become the home of the call. */
    synchronized boolean tookOver(int dispatcher) {
        return home != NONE && home != dispatcher;
    }

    private static int bit(int dispatcher) {
        return 1 << dispatcher;
    }
}

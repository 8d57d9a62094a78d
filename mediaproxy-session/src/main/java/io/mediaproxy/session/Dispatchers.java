package io.mediaproxy.session;

import io.mediaproxy.protocol.CallHome;
import io.mediaproxy.protocol.Dispatcher;
import io.mediaproxy.protocol.DispatcherConfig;
import io.mediaproxy.protocol.DispatcherPool;
import io.mediaproxy.protocol.DispatcherReply;
import io.mediaproxy.protocol.RemoveCommand;
import io.mediaproxy.protocol.UpdateCommand;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Sends the commands of all calls, and knows the place of each among the dispatchers, by its Call-ID. With one
 * dispatcher there is nothing to know.
 *
 * <p>Bounded: of more than {@value SessionLedger#MAX_CALLS} calls the one that was idle for the longest time is
 * dropped. Its next command goes to the dispatcher that a new call with its Call-ID would get, which mostly is its
 * home.
 *
 * <p>Thread-safe.
 */
class Dispatchers implements AutoCloseable {
    private final DispatcherPool pool;
    private final boolean areSeveral;

    private final Map<String, CallHome> homes = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, CallHome> eldest) {
            return size() > SessionLedger.MAX_CALLS;
        }
    };

    /** Creates the sender of a pool, which it closes. */
    Dispatchers(DispatcherPool pool) {
        this.pool = pool;
        this.areSeveral = pool.sockets().size() > 1;
    }

    /** Opens one dispatcher, at the socket of the configuration. */
    static Dispatchers open(DispatcherConfig config) {
        return new Dispatchers(DispatcherPool.open(config, List.of(Dispatcher.at(config.socket())), Map.of()));
    }

    DispatcherPool pool() {
        return pool;
    }

    /** Returns whether the failure of one may leave others that work. */
    boolean areSeveral() {
        return areSeveral;
    }

    /** Sends an offer or answer, as {@link DispatcherPool#update}. */
    CompletableFuture<DispatcherReply> update(UpdateCommand command, Consumer<DispatcherReply.Endpoints> onLate) {
        return pool.update(home(command.callId()), command, onLate);
    }

    /** Sends an offer or answer, and ignores a late reply. */
    CompletableFuture<DispatcherReply> update(UpdateCommand command) {
        return update(command, late -> {});
    }

    /** Removes a session, as {@link DispatcherPool#remove}. */
    CompletableFuture<DispatcherReply> remove(RemoveCommand command) {
        CallHome home = home(command.callId());
        CompletableFuture<DispatcherReply> reply = pool.remove(home, command);
        return areSeveral ? reply.whenComplete((removed, failure) -> forget(command.callId(), home)) : reply;
    }

    private CallHome home(String callId) {
        if (!areSeveral) {
            return pool.newCall();
        }
        synchronized (homes) {
            return homes.computeIfAbsent(callId, unused -> pool.newCall());
        }
    }

    /** Returns whether a call has left its first dispatcher, as {@link CallHome#hasMoved}. */
    boolean hasMoved(String callId) {
        synchronized (homes) {
            CallHome home = homes.get(callId);
            return home != null && home.hasMoved();
        }
    }

    private void forget(String callId, CallHome home) {
        synchronized (homes) {
            if (!home.mayHaveSession()) {
                homes.remove(callId, home);
            }
        }
    }

    /** Returns how many calls have a place that is remembered. */
    int size() {
        synchronized (homes) {
            return homes.size();
        }
    }

    /** Closes the clients of all dispatchers. */
    @Override
    public void close() {
        pool.close();
    }
}

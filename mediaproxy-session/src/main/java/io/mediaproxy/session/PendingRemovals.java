package io.mediaproxy.session;

import io.mediaproxy.protocol.DispatcherReply;
import io.mediaproxy.protocol.DispatcherUnreachableException;
import io.mediaproxy.protocol.RemoveCommand;
import io.mediaproxy.protocol.log.CountedLine;
import io.mediaproxy.protocol.log.Excerpt;
import io.mediaproxy.protocol.log.Log;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * Removals that are tried again: those that could not be delivered, and those of calls with a relay that the dispatcher
 * answered with {@code error}. {@link PendingRemoval} decides when, one after the other, until the session is removed
 * or the relay must have ended it by its timers.
 *
 * <p>In memory only, and bounded: a removal above the limit is dropped with a warning, and the relay's timeout ends its
 * session.
 *
 * <p>Thread-safe.
 */
final class PendingRemovals implements AutoCloseable {
    static final int MAX_REMOVALS = 10_000;

    private static final Log LOG = Log.of(PendingRemovals.class);

    /** Applies even if the client is configured to try again at once. */
    private static final Duration MIN_INTERVAL = Duration.ofMillis(50);

    /** Of the rounds, so that a removal whose delay has passed is soon tried again. */
    private static final Duration MAX_INTERVAL = Duration.ofSeconds(1);

    private final Dispatchers dispatchers;
    private final SessionLedger ledger;
    private final LongSupplier nanoTime;
    private final CountedLine dropLine;
    /** By Call-ID, because each new session drops those of its call, on the client's thread. */
    private final Map<String, Map<RemoveCommand, PendingRemoval>> pending = new LinkedHashMap<>();

    /** Held for a whole round, other than the lock of this object, which is never held while a removal is sent. */
    private final ReentrantLock round = new ReentrantLock();

    private int size;
    private long kept;
    private long delivered;
    private long givenUp;

    private final PeriodicTask retries;
    private boolean closed;

    /**
     * Starts no thread before there is a removal.
     *
     * @param ledger knows whether a call has a session again, or may get one; its removals wait
     * @param interval between two rounds, see {@link #interval}
     */
    PendingRemovals(Dispatchers dispatchers, SessionLedger ledger, Duration interval, LongSupplier nanoTime) {
        this.dispatchers = dispatchers;
        this.ledger = ledger;
        this.nanoTime = nanoTime;
        this.dropLine = LOG.counted(Level.WARN, nanoTime);
        this.retries = new PeriodicTask("mediaproxy-removals", interval, this::retry);
    }

    /** Returns the time between two rounds for a client that connects again after a retry interval. */
    static Duration interval(Duration retryInterval) {
        if (retryInterval.compareTo(MIN_INTERVAL) < 0) {
            return MIN_INTERVAL;
        }
        return retryInterval.compareTo(MAX_INTERVAL) < 0 ? retryInterval : MAX_INTERVAL;
    }

    /**
     * Adds a removal that could not be delivered.
     *
     * @param lastUpdate of its call, null if it is not known
     * @param hadSession whether the call had a relay
     * @return whether it will be tried again
     */
    synchronized boolean add(RemoveCommand command, @Nullable LastUpdate lastUpdate, boolean hadSession) {
        return add(new PendingRemoval(command, lastUpdate, hadSession, nanoTime.getAsLong()));
    }

    /**
     * Adds a removal that the dispatcher answered with {@code error}, although the call had a relay. Parameters and
     * result are those of {@link #add}.
     */
    synchronized boolean addLost(RemoveCommand command, @Nullable LastUpdate lastUpdate) {
        long now = nanoTime.getAsLong();
        PendingRemoval removal = new PendingRemoval(command, lastUpdate, true, now);
        return removal.failed(now) && add(removal);
    }

    private boolean add(PendingRemoval removal) {
        if (closed) {
            return false;
        }
        RemoveCommand command = removal.command();
        Map<RemoveCommand, PendingRemoval> ofCall = pending.getOrDefault(command.callId(), Map.of());
        if (!ofCall.containsKey(command)) {
            if (size >= MAX_REMOVALS) {
                givenUp++;
                dropLine.log(
                        "the removal of call {} is dropped: {} are kept already, and the relay's timeout will end its "
                                + "session",
                        Excerpt.name(command.callId()),
                        size);
                return false;
            }
            pending.computeIfAbsent(command.callId(), callId -> new LinkedHashMap<>())
                    .put(command, removal);
            size++;
            kept++;
        }
        retries.start();
        return true;
    }

    /**
     * Drops the removals of a call that has a session again: an INVITE repeated with credentials has the same Call-ID.
     */
    void drop(String callId) {
        Map<RemoveCommand, PendingRemoval> dropped;
        synchronized (this) {
            dropped = pending.remove(callId);
            size -= dropped == null ? 0 : dropped.size();
        }
        if (dropped != null) {
            settle(dropped.values().stream().toList());
        }
    }

    synchronized int size() {
        return size;
    }

    synchronized boolean hasRoom(int more) {
        return size + more <= MAX_REMOVALS;
    }

    /** Returns a future that completes when no removal of this call is tried any more. */
    synchronized CompletableFuture<Void> settled(String callId) {
        if (closed) {
            return CompletableFuture.completedFuture(null);
        }
        return CompletableFuture.allOf(pending.getOrDefault(callId, Map.of()).values().stream()
                .map(PendingRemoval::settled)
                .toArray(CompletableFuture[]::new));
    }

    synchronized long kept() {
        return kept;
    }

    synchronized long delivered() {
        return delivered;
    }

    synchronized long givenUp() {
        return givenUp;
    }

    /**
     * Retries every due removal once. A failed removal does not stop the round; the only dispatcher does if it is
     * unreachable. A second thread waits for the end of the round, so that no removal is sent twice.
     */
    void retry() {
        round.lock();
        try {
            retryDue();
        } finally {
            round.unlock();
        }
    }

    private void retryDue() {
        for (PendingRemoval removal : due()) {
            CompletableFuture<Boolean> sent = send(removal);
            if (sent == null) {
                continue;
            }
            try {
                if (sent.join()) {
                    finished(removal, true);
                } else if (!isTriedAgain(removal)) {
                    finished(removal, !removal.hadSession());
                }
            } catch (CompletionException e) {
                LOG.debug(
                        "removal of {} stays queued: {}",
                        Excerpt.name(removal.command().callId()),
                        e.getMessage());
                if (e.getCause() instanceof DispatcherUnreachableException && !dispatchers.areSeveral()) {
                    return;
                }
            }
        }
    }

    /**
     * Sends the removal, unless its call has a session again or may get one: earlier removals of the round may have
     * taken a long time. An update before it must have led to the call's relay: another one would have made a session
     * of its own, which this removes, and have left the call's where it is.
     *
     * @return whether the session is removed; completes exceptionally if the dispatcher does not answer. Null if
     *     nothing is sent
     */
    private @Nullable CompletableFuture<Boolean> send(PendingRemoval removal) {
        String callId = removal.command().callId();
        synchronized (ledger.turn(callId)) {
            if (ledger.hasSession(callId) || !isPending(removal)) {
                return null;
            }
            LastUpdate before = removal.updateBefore();
            CompletableFuture<Boolean> found = before == null
                    ? CompletableFuture.completedFuture(true)
                    : dispatchers
                            .update(before.command())
                            .handle((reply, thrown) -> reply instanceof DispatcherReply.Endpoints endpoints
                                    && endpoints.address().equals(before.relay()));
            return dispatchers
                    .remove(removal.command()) // after the update, as both are of one call
                    .thenCombine(found, (reply, isFound) -> {
                        LOG.debug("queued removal of call {}: {}", Excerpt.name(callId), reply);
                        return reply instanceof DispatcherReply.Removed && isFound;
                    });
        }
    }

    private synchronized boolean isPending(PendingRemoval removal) {
        return pending.getOrDefault(removal.command().callId(), Map.of()).get(removal.command()) == removal;
    }

    private synchronized boolean isTriedAgain(PendingRemoval removal) {
        return removal.failed(nanoTime.getAsLong());
    }

    private List<PendingRemoval> due() {
        List<PendingRemoval> over = new ArrayList<>();
        List<PendingRemoval> due = new ArrayList<>();
        synchronized (this) {
            long now = nanoTime.getAsLong();
            for (Map<RemoveCommand, PendingRemoval> ofCall : pending.values()) {
                for (PendingRemoval removal : ofCall.values()) {
                    if (removal.isOver(now)) {
                        over.add(removal);
                    } else if (!closed && removal.isDue(now)) {
                        due.add(removal);
                    }
                }
            }
        }
        over.forEach(removal -> finished(removal, false));
        return due;
    }

    private void finished(PendingRemoval removal, boolean isRemoved) {
        synchronized (this) {
            String callId = removal.command().callId();
            Map<RemoveCommand, PendingRemoval> ofCall = pending.get(callId);
            if (ofCall == null || !ofCall.remove(removal.command(), removal)) {
                return; // dropped meanwhile
            }
            size--;
            delivered += isRemoved ? 1 : 0;
            givenUp += isRemoved ? 0 : 1;
            if (ofCall.isEmpty()) {
                pending.remove(callId);
            }
        }
        settle(List.of(removal));
    }

    /** Completes the futures of removals that were taken out, without the lock. */
    private static void settle(List<PendingRemoval> removals) {
        for (PendingRemoval removal : removals) {
            CompletableFuture<Void> awaited = removal.awaited();
            if (awaited != null) {
                awaited.complete(null);
            }
        }
    }

    @Override
    public void close() {
        List<PendingRemoval> left = new ArrayList<>();
        synchronized (this) {
            closed = true;
            pending.values().forEach(ofCall -> left.addAll(ofCall.values()));
            if (!left.isEmpty()) {
                LOG.warn("{} removals were not delivered; the relay's timeout will end their sessions", left.size());
            }
        }
        retries.close();
        settle(left);
    }
}

package io.mediaproxy.session;

import io.mediaproxy.protocol.DispatcherReply;
import io.mediaproxy.protocol.DispatcherUnreachableException;
import io.mediaproxy.protocol.RemoveCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removals that could not be delivered. They are retried one after the other at a fixed interval, until the dispatcher
 * answers or the relay must have dropped the session by its timeout.
 *
 * <p>In memory only, and bounded: a removal above the limit is dropped with a warning, and the relay's timeout ends its
 * session.
 *
 * <p>Thread-safe.
 */
final class PendingRemovals implements AutoCloseable {
    static final int MAX_REMOVALS = 10_000;

    /** The relay's longest timer ({@code on_hold_timeout}): afterwards it has no stream of an ended call. */
    static final Duration RELAY_TIMEOUT = Duration.ofHours(2);

    private static final Logger LOG = LoggerFactory.getLogger(PendingRemovals.class);

    /** Applies even if the client is configured to try again at once. */
    private static final Duration MIN_INTERVAL = Duration.ofMillis(50);

    private final Dispatchers dispatchers;
    private final Predicate<String> hasUpdateInFlight;
    private final LongSupplier nanoTime;
    /**
     * Times of the first attempts. By Call-ID, because each new session drops those of its call, on the client's
     * thread.
     */
    private final Map<String, Map<RemoveCommand, Long>> pending = new LinkedHashMap<>();

    private int size;

    private final PeriodicTask retries;
    private boolean closed;

    /**
     * Starts no thread before there is a removal.
     *
     * @param hasUpdateInFlight whether the call with this Call-ID may get a session again; its removals wait
     * @param interval between two rounds
     */
    PendingRemovals(
            Dispatchers dispatchers, Predicate<String> hasUpdateInFlight, Duration interval, LongSupplier nanoTime) {
        this.dispatchers = dispatchers;
        this.hasUpdateInFlight = hasUpdateInFlight;
        this.nanoTime = nanoTime;
        this.retries = new PeriodicTask(
                "mediaproxy-removals", interval.compareTo(MIN_INTERVAL) < 0 ? MIN_INTERVAL : interval, this::retry);
    }

    /** Adds a removal. Returns whether it will be tried again. */
    synchronized boolean add(RemoveCommand command) {
        if (closed) {
            return false;
        }
        Map<RemoveCommand, Long> ofCall = pending.getOrDefault(command.callId(), Map.of());
        if (!ofCall.containsKey(command)) {
            if (size >= MAX_REMOVALS) {
                LOG.warn("removal of call {} is dropped: {} removals are queued already", command.callId(), size);
                return false;
            }
            pending.computeIfAbsent(command.callId(), callId -> new LinkedHashMap<>())
                    .put(command, nanoTime.getAsLong());
            size++;
        }
        retries.start();
        return true;
    }

    /**
     * Drops the removals of a call that has a session again: an INVITE repeated with credentials has the same Call-ID.
     */
    synchronized void drop(String callId) {
        Map<RemoveCommand, Long> dropped = pending.remove(callId);
        if (dropped != null) {
            size -= dropped.size();
        }
    }

    synchronized int size() {
        return size;
    }

    /** Retries every removal once. A failed removal does not stop the round; an unreachable dispatcher does. */
    void retry() {
        for (RemoveCommand command : due()) {
            if (hasUpdateInFlight.test(command.callId())) {
                continue;
            }
            try {
                DispatcherReply reply = dispatchers.remove(command).join();
                LOG.debug("queued removal of call {} was delivered: {}", command.callId(), reply);
                delivered(command);
            } catch (CompletionException e) {
                LOG.debug("removal of call {} stays queued: {}", command.callId(), e.getMessage());
                if (e.getCause() instanceof DispatcherUnreachableException && !dispatchers.areSeveral()) {
                    return;
                }
            }
        }
    }

    private synchronized List<RemoveCommand> due() {
        long now = nanoTime.getAsLong();
        List<RemoveCommand> due = new ArrayList<>(size);
        for (Iterator<Map<RemoveCommand, Long>> calls = pending.values().iterator(); calls.hasNext(); ) {
            Map<RemoveCommand, Long> ofCall = calls.next();
            ofCall.values().removeIf(since -> now - since > RELAY_TIMEOUT.toNanos());
            due.addAll(ofCall.keySet());
            if (ofCall.isEmpty()) {
                calls.remove();
            }
        }
        size = due.size();
        return closed ? List.of() : due;
    }

    private synchronized void delivered(RemoveCommand command) {
        Map<RemoveCommand, Long> ofCall = pending.get(command.callId());
        if (ofCall != null && ofCall.remove(command) != null) { // else it was dropped meanwhile
            size--;
            if (ofCall.isEmpty()) {
                pending.remove(command.callId());
            }
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        retries.close();
        if (size > 0) {
            LOG.warn("{} removals were not delivered; the relay's timeout will end their sessions", size);
        }
    }
}

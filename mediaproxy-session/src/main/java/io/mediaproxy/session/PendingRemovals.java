package io.mediaproxy.session;

import io.mediaproxy.protocol.DispatcherClient;
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
 * Removals that could not be delivered, kept until the dispatcher has answered them or the relay has surely given up the
 * session by itself. One after the other is tried again at a fixed interval.
 *
 * <p>In memory only, and bounded: one removal too many is dropped with a warning, and the relay's own timeout does the work.
 * Safe for use by many threads.
 */
final class PendingRemovals implements AutoCloseable {
    static final int MAX_REMOVALS = 10_000;

    /** The relay's longest timer ({@code on_hold_timeout}): after that no stream of an ended call is left. */
    static final Duration RELAY_TIMEOUT = Duration.ofHours(2);

    private static final Logger LOG = LoggerFactory.getLogger(PendingRemovals.class);

    /** Also where the client itself tries again at once. */
    private static final Duration MIN_INTERVAL = Duration.ofMillis(50);

    private final DispatcherClient client;
    private final Predicate<String> hasUpdateInFlight;
    private final LongSupplier nanoTime;
    /** When each was first tried, by Call-ID: every session that is made asks for those of its call, on the client's thread. */
    private final Map<String, Map<RemoveCommand, Long>> kept = new LinkedHashMap<>();

    private int size;

    private final PeriodicTask retries;
    private boolean closed;

    /**
     * Keeps nothing yet, and starts no thread before there is something to keep.
     *
     * @param hasUpdateInFlight whether a call of this Call-ID may be about to have a session again; its removals wait
     * @param interval between two rounds
     */
    PendingRemovals(
            DispatcherClient client, Predicate<String> hasUpdateInFlight, Duration interval, LongSupplier nanoTime) {
        this.client = client;
        this.hasUpdateInFlight = hasUpdateInFlight;
        this.nanoTime = nanoTime;
        this.retries = new PeriodicTask(
                "mediaproxy-removals", interval.compareTo(MIN_INTERVAL) < 0 ? MIN_INTERVAL : interval, this::retry);
    }

    /** Whether the removal will be tried again. */
    synchronized boolean add(RemoveCommand command) {
        if (closed) {
            return false;
        }
        Map<RemoveCommand, Long> ofCall = kept.getOrDefault(command.callId(), Map.of());
        if (!ofCall.containsKey(command)) {
            if (size >= MAX_REMOVALS) {
                LOG.warn("removal of call {} is dropped: {} are kept already", command.callId(), size);
                return false;
            }
            kept.computeIfAbsent(command.callId(), callId -> new LinkedHashMap<>())
                    .put(command, nanoTime.getAsLong());
            size++;
        }
        retries.start();
        return true;
    }

    /** The call has a session again (an INVITE repeated with credentials has the same Call-ID), which is wanted. */
    synchronized void drop(String callId) {
        Map<RemoveCommand, Long> forgotten = kept.remove(callId);
        if (forgotten != null) {
            size -= forgotten.size();
        }
    }

    synchronized int size() {
        return size;
    }

    /** One round; the scheduler does nothing else. One that fails does not hold up the others, but nobody there ends it. */
    void retry() {
        for (RemoveCommand command : due()) {
            if (hasUpdateInFlight.test(command.callId())) {
                continue;
            }
            try {
                DispatcherReply reply = client.remove(command).join();
                LOG.debug("removal of call {} was delivered at last: {}", command.callId(), reply);
                delivered(command);
            } catch (CompletionException e) {
                LOG.debug("removal of call {} is kept on: {}", command.callId(), e.getMessage());
                if (e.getCause() instanceof DispatcherUnreachableException) {
                    return;
                }
            }
        }
    }

    private synchronized List<RemoveCommand> due() {
        long now = nanoTime.getAsLong();
        List<RemoveCommand> due = new ArrayList<>(size);
        for (Iterator<Map<RemoveCommand, Long>> calls = kept.values().iterator(); calls.hasNext(); ) {
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
        Map<RemoveCommand, Long> ofCall = kept.get(command.callId());
        if (ofCall != null && ofCall.remove(command) != null) { // else it was forgotten meanwhile
            size--;
            if (ofCall.isEmpty()) {
                kept.remove(command.callId());
            }
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        retries.close();
        if (size > 0) {
            LOG.warn("{} removals were not delivered, the relay's own timeout ends their sessions", size);
        }
    }
}

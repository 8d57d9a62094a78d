package io.mediaproxy.session;

import io.mediaproxy.protocol.DispatcherClient;
import io.mediaproxy.protocol.DispatcherReply;
import io.mediaproxy.protocol.RemoveCommand;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removals that could not be delivered, kept until the dispatcher has answered them or the relay has surely given up the
 * session by itself. One after the other is tried again at a fixed interval; the first that fails ends the round.
 *
 * <p>In memory only, and bounded: one removal too many is dropped with a warning, and the relay's own timeout does the work.
 * Safe for use by many threads.
 */
final class KeptRemovals implements AutoCloseable {
    static final int MAX_REMOVALS = 10_000;

    /** The relay's longest timer ({@code on_hold_timeout}): after that no stream of an ended call is left. */
    static final Duration RELAY_TIMEOUT = Duration.ofHours(2);

    private static final Logger LOG = LoggerFactory.getLogger(KeptRemovals.class);

    private record Kept(RemoveCommand command, long since) {}

    private final DispatcherClient client;
    private final Duration interval;
    private final LongSupplier nanoTime;
    private final Map<String, Kept> kept = new LinkedHashMap<>();
    private @Nullable ScheduledExecutorService scheduler;
    private boolean closed;

    KeptRemovals(DispatcherClient client, Duration interval, LongSupplier nanoTime) {
        this.client = client;
        this.interval = interval;
        this.nanoTime = nanoTime;
    }

    /** Whether the removal will be tried again. */
    synchronized boolean keep(RemoveCommand command) {
        if (closed || kept.size() >= MAX_REMOVALS) {
            LOG.warn("removal of call {} is dropped, {} are kept already", command.callId(), kept.size());
            return false;
        }
        kept.putIfAbsent(command.callId(), new Kept(command, nanoTime.getAsLong()));
        if (scheduler == null) {
            scheduler = scheduler();
        }
        return true;
    }

    private ScheduledExecutorService scheduler() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "mediaproxy-removals");
            thread.setDaemon(true);
            return thread;
        });
        Future<?> unused = executor.scheduleWithFixedDelay(
                this::retry, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS); // runs until this is closed
        return executor;
    }

    /** The call is alive again (an INVITE repeated with credentials has the same Call-ID): its session is wanted. */
    synchronized void forget(String callId) {
        kept.remove(callId);
    }

    synchronized int size() {
        return kept.size();
    }

    /** One round; the scheduler does nothing else. */
    void retry() {
        try {
            for (RemoveCommand command = oldest(); command != null; command = oldest()) {
                DispatcherReply reply = client.remove(command).join();
                LOG.debug("removal of call {} was delivered at last: {}", command.callId(), reply);
                forget(command.callId());
            }
        } catch (CompletionException e) {
            LOG.debug("{} removals are kept on: {}", size(), e.getMessage());
        }
    }

    private synchronized @Nullable RemoveCommand oldest() {
        long now = nanoTime.getAsLong();
        kept.values().removeIf(removal -> now - removal.since() > RELAY_TIMEOUT.toNanos());
        return closed || kept.isEmpty() ? null : kept.values().iterator().next().command();
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (scheduler != null) {
            scheduler.shutdownNow();
        }
        if (!kept.isEmpty()) {
            LOG.warn("{} removals were not delivered, the relay's own timeout ends their sessions", kept.size());
        }
    }
}

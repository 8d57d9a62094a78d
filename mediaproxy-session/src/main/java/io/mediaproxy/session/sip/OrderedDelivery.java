package io.mediaproxy.session.sip;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the messages of a call on in the order in which they came, each when it is ready: one that waits for the dispatcher holds
 * up those of its call behind it and no others. For adapters, whose stacks may not be kept waiting. Safe for use by many threads.
 */
public final class OrderedDelivery {
    private static final Logger LOG = LoggerFactory.getLogger(OrderedDelivery.class);

    private final Executor executor;
    /** The last message of each call that has one on its way. */
    private final Map<String, CompletableFuture<Void>> last = new ConcurrentHashMap<>();

    /** @param executor runs the deliveries that had to wait; the dispatcher client's thread must not */
    public OrderedDelivery(Executor executor) {
        this.executor = executor;
    }

    /**
     * Delivers, on this thread and before it returns if the message is ready and nothing of its call waits before it.
     *
     * @param ready when the message may go on, well or not
     * @param delivery what it throws is logged, and holds nothing up
     */
    public void deliver(String callId, CompletableFuture<?> ready, Runnable delivery) {
        CompletableFuture<Void> turn = new CompletableFuture<>();
        @Nullable CompletableFuture<Void> before = last.put(callId, turn);
        if (ready.isDone() && (before == null || before.isDone())) {
            run(callId, delivery, turn);
            return;
        }
        CompletableFuture<?> both = before == null ? ready : CompletableFuture.allOf(before, ready);
        CompletableFuture<?> unused =
                both.whenCompleteAsync((nothing, failure) -> run(callId, delivery, turn), executor);
    }

    private void run(String callId, Runnable delivery, CompletableFuture<Void> turn) {
        try {
            delivery.run();
        } catch (RuntimeException e) {
            LOG.error("a message of call {} was not handled", callId, e);
        } finally {
            turn.complete(null);
            last.remove(callId, turn);
        }
    }
}

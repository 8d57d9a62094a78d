package io.mediaproxy.cli.demo;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the steps of each call strictly one after another, and those of different calls as they come.
 *
 * <p>Thread-safe. A step runs on the executor once the stage of the one before it has completed; nothing waits in a thread. A call
 * without a pending step takes no memory.
 */
final class CallOrder implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CallOrder.class);

    /** One step: starts something and says when it is done. */
    @FunctionalInterface
    interface Step {
        CompletionStage<Void> take() throws Exception;
    }

    private static final long PATIENCE_SECONDS = 2;

    private final Executor executor;
    private boolean closed; // guarded by this
    private final ConcurrentMap<String, CompletableFuture<Void>> newest = new ConcurrentHashMap<>();

    CallOrder(Executor executor) {
        this.executor = executor;
    }

    /** Appends a step; one that fails is logged and the next one runs. Nothing happens once this is closed. */
    @SuppressWarnings("FutureReturnValueIgnored") // forgetting a call cannot fail
    synchronized void then(String callId, Step step) {
        if (closed) {
            return;
        }
        CompletableFuture<Void> done = newest.compute(
                callId,
                (id, before) -> (before == null ? CompletableFuture.<Void>completedFuture(null) : before)
                        .thenComposeAsync(nothing -> take(step), executor)
                        .exceptionally(problem -> {
                            log.warn("call {}: {}", callId, problem.toString(), problem);
                            return null;
                        }));
        done.whenComplete((nothing, problem) -> newest.remove(callId, done));
    }

    /** Takes a step; what it throws is in the stage. */
    static CompletionStage<Void> take(Step step) {
        try {
            return step.take();
        } catch (Exception e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Takes no more steps, and returns when those that it has are done, or after {@value #PATIENCE_SECONDS} s. */
    @Override
    public void close() {
        CompletableFuture<?>[] inHand;
        synchronized (this) {
            closed = true;
            inHand = newest.values().toArray(CompletableFuture[]::new);
        }
        try {
            CompletableFuture.allOf(inHand).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            log.debug("calls are broken off", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.mediaproxy.session.sip;

import io.mediaproxy.protocol.log.CountedLine;
import io.mediaproxy.protocol.log.Excerpt;
import io.mediaproxy.protocol.log.Log;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * Delivers the messages of a call in the order in which they came, each when it is ready: one that waits for the
 * dispatcher delays the following messages of its call and no others. For adapters, whose stack threads must not block.
 * Thread-safe.
 */
public final class OrderedDelivery {
    private static final Log LOG = Log.of(OrderedDelivery.class);

    private final Executor executor;
    private final CountedLine refusalLine;
    private final CountedLine failureLine;
    /** The last message of each call that has undelivered messages. */
    private final Map<String, CompletableFuture<Void>> last = new ConcurrentHashMap<>();

    /**
     * Starts no thread.
     *
     * @param executor runs the deliveries that had to wait, since the thread of the dispatcher's client must not; those
     *     that it refuses are delivered on that thread all the same, so that none is lost
     */
    public OrderedDelivery(Executor executor) {
        this(executor, System::nanoTime);
    }

    /** @param nanoTime the clock for log lines */
    OrderedDelivery(Executor executor, LongSupplier nanoTime) {
        this.executor = executor;
        this.refusalLine = LOG.counted(Level.ERROR, nanoTime);
        this.failureLine = LOG.counted(Level.ERROR, nanoTime);
    }

    /**
     * Delivers a message as soon as it is ready and the earlier messages of its call are delivered: on this thread,
     * before this returns, if that is the case already.
     *
     * @param callId of the message
     * @param ready completes when the message may be delivered, normally or exceptionally
     * @param delivery delivers the message; exceptions from it are logged and delay nothing
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
                both.whenComplete((nothing, failure) -> execute(() -> run(callId, delivery, turn)));
    }

    /**
     * Runs the delivery on this thread if the executor refuses it: a lost turn would hold the call's messages for ever.
     */
    private void execute(Runnable work) {
        try {
            executor.execute(work);
        } catch (RuntimeException | Error e) {
            refusalLine.log("the executor refused a message: delivered on this thread", e);
            work.run();
        }
    }

    private void run(String callId, Runnable delivery, CompletableFuture<Void> turn) {
        try {
            delivery.run();
        } catch (RuntimeException | Error e) {
            failureLine.log("a message of call {} was not handled", Excerpt.name(callId), e);
        } finally {
            turn.complete(null);
            last.remove(callId, turn);
        }
    }
}

package io.mediaproxy.protocol;

import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** One dispatcher of a {@link DispatcherPool}: its client, and what is known of its health. Thread-safe. */
final class PoolMember {
    final int index;
    final Dispatcher dispatcher;
    final DispatcherClient client;
    final Circuit circuit;
    final UpdateErrors updateErrors = new UpdateErrors();

    private final NanoClock clock;
    private final DoubleSupplier random;
    private final RendezvousHash hash;
    private final Probe probe = new Probe();
    private volatile boolean drained;
    private volatile long lastReplyNanos;

    PoolMember(int index, Dispatcher dispatcher, DispatcherClient client, NanoClock clock, DoubleSupplier random) {
        this.index = index;
        this.dispatcher = dispatcher;
        this.client = client;
        this.clock = clock;
        this.random = random;
        lastReplyNanos = clock.nanoTime();
        circuit = new Circuit(dispatcher.socket().toString(), random);
        hash = new RendezvousHash(dispatcher.socket().toString());
    }

    boolean isDrained() {
        return drained;
    }

    void drain(boolean value) {
        drained = value;
    }

    /** Returns when the dispatcher replied last, or when the pool was opened. */
    long lastReplyNanos() {
        return lastReplyNanos;
    }

    /** Returns the score of this dispatcher for a call, or 0 if it takes no call now. */
    double score(String callId, long now) {
        return drained || !circuit.isClosed() ? 0 : hash.score(callId, dispatcher.weight() * circuit.share(now));
    }

    /**
     * Sends a command and records what it shows of the dispatcher's health.
     *
     * @param submittedNanos when the command was submitted first: its timeout runs from then
     * @param whenDone receives the reply or the failure, one of them null
     */
    void send(
            DispatcherCommand command,
            Consumer<DispatcherReply.Endpoints> onLate,
            long submittedNanos,
            BiConsumer<@Nullable DispatcherReply, @Nullable Throwable> whenDone) {
        CompletableFuture<DispatcherReply> unused = client.submit(command, onLate, submittedNanos)
                .whenComplete((reply, failure) -> {
                    observe(command, failure, clock.nanoTime());
                    whenDone.accept(reply, failure);
                });
    }

    private void observe(DispatcherCommand command, @Nullable Throwable failure, long now) {
        if (!client.isOpen()) {
            return; // the failure shows nothing of the dispatcher
        }
        if (failure == null || failure instanceof DispatcherErrorException) {
            lastReplyNanos = now;
            circuit.replied();
            if (command instanceof UpdateCommand) {
                updateErrors.add(failure != null, now);
            }
        } else if (isHard(failure)) {
            giveUp(reason(failure), now);
        } else if (isSoft(failure)) {
            circuit.failedSoftly(reason(failure), now);
            planProbe();
        }
    }

    /** Sends no more commands until a probe succeeds. */
    void giveUp(String why, long now) {
        circuit.failedHard(why, now);
        planProbe();
    }

    /** Records a late reply: a dispatcher that was given up gets its probe at once. */
    void showedLife() {
        long now = clock.nanoTime();
        lastReplyNanos = now;
        circuit.showedLife(now);
        planProbe();
    }

    private void planProbe() {
        if (circuit.isOpen()) {
            client.runAt(circuit.probeAtNanos(), probe);
        }
    }

    /** Returns whether the dispatcher could not be reached, and nothing was written. */
    static boolean isHard(Throwable failure) {
        return failure instanceof DispatcherUnreachableException unreachable && unreachable.isRetrySafe();
    }

    private static boolean isSoft(Throwable failure) {
        return failure instanceof DispatcherUnreachableException
                || failure instanceof DispatcherProtocolException
                || (failure instanceof DispatcherTimeoutException timeout && !timeout.showsNothing());
    }

    /** Returns the reason without the command and the state of the client. */
    private static String reason(Throwable failure) {
        Throwable cause = failure.getCause();
        String message = String.valueOf(cause == null ? failure.getMessage() : cause.getMessage());
        int context = cause == null ? message.indexOf(": ") : -1;
        return context < 0 ? message : message.substring(0, context);
    }

    /** Sends a probe if one is due: connects, and asks to remove a call that does not exist. */
    private final class Probe implements Timers.Task {
        @Override
        public boolean isNeeded() {
            return circuit.isOpen();
        }

        @Override
        public void run() {
            long now = clock.nanoTime();
            if (!circuit.beginProbe(now)) {
                return; // another task has sent it
            }
            try {
                send("probe-" + Long.toHexString(Double.doubleToLongBits(random.getAsDouble())) + "-" + now);
            } catch (RuntimeException | Error e) {
                failed();
                throw e;
            }
        }

        private void send(String callId) {
            CompletableFuture<DispatcherReply> unused = client.remove(new RemoveCommand(callId, "probe", ""))
                    .whenComplete((reply, failure) -> {
                        if (reply instanceof DispatcherReply.Error) {
                            circuit.probeSucceeded(clock.nanoTime());
                        } else {
                            failed();
                        }
                    });
        }

        private void failed() {
            circuit.probeFailed(clock.nanoTime());
            planProbe();
        }
    }
}

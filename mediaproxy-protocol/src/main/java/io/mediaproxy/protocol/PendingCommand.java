package io.mediaproxy.protocol;

import io.mediaproxy.protocol.log.Excerpt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One command on its way, and the future of its reply. Confined to the holder of {@link IoLoop}'s turn. Any thread may
 * complete the future, for instance a caller that cancels it.
 */
final class PendingCommand {
    /** Changed by {@link CommandLifecycle}, which has the table of all changes. */
    enum State {
        /** An earlier command of the same call is not finished. */
        WAITING,
        /** Goes out on the next free connection. */
        READY,
        /** On a connection. */
        IN_FLIGHT,
        /** Timed out on a connection, which is set aside for the late reply. Its call still waits. */
        LATE,
        /** The next command of the call may start. */
        FINISHED
    }

    final DispatcherCommand command;
    final Consumer<DispatcherReply.Endpoints> onLate;
    final long submittedNanos;
    final long deadlineNanos;
    final CompletableFuture<DispatcherReply> future = new CompletableFuture<>();

    State state = State.WAITING;

    @Nullable Connection connection;

    int bytesWritten;
    /** Whether all bytes of the command were written. */
    boolean isWritten;
    /** Whether it went back into the queue, which happens once: its connection was dead before a byte was written. */
    boolean isRequeued;

    @Nullable DispatcherReply reply;

    @Nullable MediaProxyException failure;

    /** Neighbours in the line of its call, see {@link CallOrder}. */
    @Nullable PendingCommand previousOfCall;

    @Nullable PendingCommand nextOfCall;

    /** Neighbours by deadline, see {@link Deadlines}. */
    @Nullable PendingCommand earlier;

    @Nullable PendingCommand later;

    /** The next settled command, see {@link Completions}. */
    @Nullable PendingCommand nextSettled;

    /**
     * Creates a command that was not admitted yet.
     *
     * @param onLate receives the reply if the update succeeds after its caller gave up
     */
    PendingCommand(
            DispatcherCommand command,
            Consumer<DispatcherReply.Endpoints> onLate,
            long submittedNanos,
            long timeoutNanos) {
        this.command = command;
        this.onLate = onLate;
        this.submittedNanos = submittedNanos;
        this.deadlineNanos = submittedNanos + timeoutNanos;
    }

    /** Returns the command for a log line. */
    @Override
    public String toString() {
        return command.name() + " of call " + Excerpt.of(command.callId());
    }
}

package io.mediaproxy.protocol;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One command and the future of its reply. After it was handed over only who has {@link IoLoop}'s turn touches what is not
 * final; a caller that gives up completes the future itself.
 */
final class PendingCommand {
    enum State {
        /** Another command of its call is on its way. */
        BEHIND_ITS_CALL,
        /** Next connection. */
        READY,
        /** On a connection. */
        IN_FLIGHT,
        /** Timed out on a connection, which is set aside: its call still waits. */
        LATE,
        /** Its call goes on. */
        OVER
    }

    final DispatcherCommand command;
    final Consumer<DispatcherReply.Endpoints> onLate;
    final long submittedNanos;
    final long deadlineNanos;
    final CompletableFuture<DispatcherReply> future = new CompletableFuture<>();

    State state = State.BEHIND_ITS_CALL;

    @Nullable Connection connection;

    int written;
    /** All of the command went out. */
    boolean isWritten;
    /** Went back into the queue after a connection turned out dead before a byte was written; that happens once. */
    boolean requeued;

    @Nullable DispatcherReply reply;

    @Nullable MediaProxyException failure;

    /** Neighbours of the same call, see {@link CallOrder}. */
    @Nullable PendingCommand ahead;

    @Nullable PendingCommand behind;

    /** Neighbours in time, see {@link Deadlines}. */
    @Nullable PendingCommand earlier;

    @Nullable PendingCommand later;

    /**
     * Creates a command that is not admitted yet.
     *
     * @param onLate receives the reply to an update if its caller gave up before
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
}

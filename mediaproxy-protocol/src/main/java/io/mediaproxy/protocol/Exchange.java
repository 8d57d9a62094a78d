package io.mediaproxy.protocol;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One command and the future of its reply. After it was handed over only who has {@link IoLoop}'s turn touches what is not
 * final; a caller that gives up completes the future itself.
 */
final class Exchange {
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

    final String command;
    final String callId;
    final @Nullable UpdateCommand update;
    final @Nullable RemoveCommand remove;
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
    @Nullable Exchange ahead;

    @Nullable Exchange behind;

    /** Neighbours in time, see {@link Deadlines}. */
    @Nullable Exchange earlier;

    @Nullable Exchange later;

    Exchange(UpdateCommand update, long submittedNanos, long timeoutNanos) {
        this("update", update.callId(), update, null, submittedNanos, timeoutNanos);
    }

    Exchange(RemoveCommand remove, long submittedNanos, long timeoutNanos) {
        this("remove", remove.callId(), null, remove, submittedNanos, timeoutNanos);
    }

    private Exchange(
            String command,
            String callId,
            @Nullable UpdateCommand update,
            @Nullable RemoveCommand remove,
            long submittedNanos,
            long timeoutNanos) {
        this.command = command;
        this.callId = callId;
        this.update = update;
        this.remove = remove;
        this.submittedNanos = submittedNanos;
        this.deadlineNanos = submittedNanos + timeoutNanos;
    }

    /** As {@link CommandEncoder#encode(UpdateCommand, byte[])}; the same bytes each time. */
    int encode(byte[] out) {
        if (update != null) {
            return CommandEncoder.encode(update, out);
        }
        return CommandEncoder.encode(Objects.requireNonNull(remove), out);
    }

    /** Whether the dispatcher may give this reply to this command. */
    boolean allows(DispatcherReply candidate) {
        if (candidate instanceof DispatcherReply.Error) {
            return true;
        }
        return (update == null) == candidate instanceof DispatcherReply.Removed;
    }
}

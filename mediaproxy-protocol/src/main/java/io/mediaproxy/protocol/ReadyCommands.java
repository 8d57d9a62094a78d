package io.mediaproxy.protocol;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Commands that go out on the next free connection, in their order, but the updates of calls in progress first. If the
 * answer of a call times out behind the offers of new ones, only one side of it is heard. Confined to the holder of
 * {@link IoLoop}'s turn.
 */
final class ReadyCommands {
    private final Deque<PendingCommand> first = new ArrayDeque<>();
    private final Deque<PendingCommand> others = new ArrayDeque<>();

    /** Returns whether the command is an update that does not begin a call. */
    static boolean isOfCallInProgress(DispatcherCommand command) {
        return command instanceof UpdateCommand update
                && (update.type() == UpdateCommand.Type.REPLY || !update.toTag().isEmpty());
    }

    void addLast(PendingCommand pending) {
        lineOf(pending).addLast(pending);
    }

    /** Puts back a command that was taken. */
    void addFirst(PendingCommand pending) {
        lineOf(pending).addFirst(pending);
    }

    @Nullable PendingCommand peek() {
        PendingCommand pending = first.peekFirst();
        return pending != null ? pending : others.peekFirst();
    }

    @Nullable PendingCommand poll() {
        PendingCommand pending = first.pollFirst();
        return pending != null ? pending : others.pollFirst();
    }

    void remove(PendingCommand pending) {
        lineOf(pending).remove(pending);
    }

    boolean isEmpty() {
        return first.isEmpty() && others.isEmpty();
    }

    void clear() {
        first.clear();
        others.clear();
    }

    private Deque<PendingCommand> lineOf(PendingCommand pending) {
        return isOfCallInProgress(pending.command) ? first : others;
    }
}

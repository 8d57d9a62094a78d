package io.mediaproxy.protocol;

import org.jspecify.annotations.Nullable;

/**
 * Orders commands by deadline, in a linked list through {@link PendingCommand}. Confined to the holder of
 * {@link IoLoop}'s turn.
 *
 * <p>All commands of a client have the same timeout and arrive nearly in the order of their submission, so that the
 * place of a new one is at the end or a few steps before it.
 */
final class Deadlines {
    private @Nullable PendingCommand first;
    private @Nullable PendingCommand last;

    @Nullable PendingCommand first() {
        return first;
    }

    void add(PendingCommand pending) {
        PendingCommand before = last;
        while (before != null && before.deadlineNanos - pending.deadlineNanos > 0) {
            before = before.earlier;
        }
        PendingCommand after = before == null ? first : before.later;
        pending.earlier = before;
        pending.later = after;
        link(before, pending);
        linkBack(after, pending);
    }

    void remove(PendingCommand pending) {
        link(pending.earlier, pending.later);
        linkBack(pending.later, pending.earlier);
        pending.earlier = null;
        pending.later = null;
    }

    private void link(@Nullable PendingCommand before, @Nullable PendingCommand next) {
        if (before == null) {
            first = next;
        } else {
            before.later = next;
        }
    }

    private void linkBack(@Nullable PendingCommand after, @Nullable PendingCommand previous) {
        if (after == null) {
            last = previous;
        } else {
            after.earlier = previous;
        }
    }
}

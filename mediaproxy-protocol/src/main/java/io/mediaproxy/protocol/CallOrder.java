package io.mediaproxy.protocol;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the commands of each Call-ID in order. The dispatcher has one session per Call-ID, and executes two commands on
 * two connections in any order. Confined to the holder of {@link IoLoop}'s turn.
 *
 * <p>The commands of a call are a linked list through {@link PendingCommand}, so that one in the middle can leave
 * without a trace.
 */
final class CallOrder {
    private final Map<String, PendingCommand> lastByCallId = new HashMap<>();

    /** Appends a command. Returns whether it is the first of its call. */
    boolean join(PendingCommand pending) {
        PendingCommand last = lastByCallId.put(pending.command.callId(), pending);
        if (last == null) {
            return true;
        }
        last.behind = pending;
        pending.ahead = last;
        return false;
    }

    /** Removes a command. Returns the one that became first of the call by that, or null. */
    @Nullable PendingCommand leave(PendingCommand pending) {
        PendingCommand ahead = pending.ahead;
        PendingCommand behind = pending.behind;
        pending.ahead = null;
        pending.behind = null;
        if (behind != null) {
            behind.ahead = ahead;
        } else if (ahead != null) {
            lastByCallId.put(pending.command.callId(), ahead);
        } else {
            lastByCallId.remove(pending.command.callId());
        }
        if (ahead == null) {
            return behind;
        }
        ahead.behind = behind;
        return null;
    }

    boolean isEmpty() {
        return lastByCallId.isEmpty();
    }
}

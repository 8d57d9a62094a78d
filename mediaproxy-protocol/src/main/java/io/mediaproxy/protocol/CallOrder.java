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
        last.nextOfCall = pending;
        pending.previousOfCall = last;
        return false;
    }

    /** Removes a command. Returns the one that became first of the call by that, or null. */
    @Nullable PendingCommand leave(PendingCommand pending) {
        PendingCommand previousOfCall = pending.previousOfCall;
        PendingCommand nextOfCall = pending.nextOfCall;
        pending.previousOfCall = null;
        pending.nextOfCall = null;
        if (nextOfCall != null) {
            nextOfCall.previousOfCall = previousOfCall;
        } else if (previousOfCall != null) {
            lastByCallId.put(pending.command.callId(), previousOfCall);
        } else {
            lastByCallId.remove(pending.command.callId());
        }
        if (previousOfCall == null) {
            return nextOfCall;
        }
        previousOfCall.nextOfCall = nextOfCall;
        return null;
    }

    /** Forgets all commands. */
    void clear() {
        lastByCallId.clear();
    }

    boolean isEmpty() {
        return lastByCallId.isEmpty();
    }
}

package io.mediaproxy.protocol;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lines up the commands of each Call-ID: the dispatcher keeps one session per Call-ID and takes two commands on two connections
 * in any order.
 *
 * <p>Each line is a list through the exchanges themselves, so that one that times out in the middle leaves nothing behind.
 */
final class CallOrder {
    private final Map<String, PendingCommand> lastOfCall = new HashMap<>();

    /** Returns whether it is the first of its call. */
    boolean join(PendingCommand pending) {
        PendingCommand last = lastOfCall.put(pending.command.callId(), pending);
        if (last == null) {
            return true;
        }
        last.behind = pending;
        pending.ahead = last;
        return false;
    }

    /** Returns the pending that is the first of its call now, if this changed. */
    @Nullable PendingCommand leave(PendingCommand pending) {
        PendingCommand ahead = pending.ahead;
        PendingCommand behind = pending.behind;
        pending.ahead = null;
        pending.behind = null;
        if (behind != null) {
            behind.ahead = ahead;
        } else if (ahead != null) {
            lastOfCall.put(pending.command.callId(), ahead);
        } else {
            lastOfCall.remove(pending.command.callId());
        }
        if (ahead == null) {
            return behind;
        }
        ahead.behind = behind;
        return null;
    }

    boolean isEmpty() {
        return lastOfCall.isEmpty();
    }
}

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
    private final Map<String, Exchange> lastOfCall = new HashMap<>();

    /** Returns whether it is the first of its call. */
    boolean join(Exchange exchange) {
        Exchange last = lastOfCall.put(exchange.callId, exchange);
        if (last == null) {
            return true;
        }
        last.behind = exchange;
        exchange.ahead = last;
        return false;
    }

    /** Returns the exchange that is the first of its call now, if this changed. */
    @Nullable Exchange leave(Exchange exchange) {
        Exchange ahead = exchange.ahead;
        Exchange behind = exchange.behind;
        exchange.ahead = null;
        exchange.behind = null;
        if (behind != null) {
            behind.ahead = ahead;
        } else if (ahead != null) {
            lastOfCall.put(exchange.callId, ahead);
        } else {
            lastOfCall.remove(exchange.callId);
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

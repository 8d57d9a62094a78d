package io.mediaproxy.protocol;

import org.jspecify.annotations.Nullable;

/**
 * Exchanges by deadline, as a list through the exchanges themselves.
 *
 * <p>All of a client have the same timeout and come nearly in the order of their submission: the right place for a new one is
 * at the end or a few steps before it.
 */
final class Deadlines {
    private @Nullable Exchange first;
    private @Nullable Exchange last;

    @Nullable Exchange first() {
        return first;
    }

    void add(Exchange exchange) {
        Exchange before = last;
        while (before != null && before.deadlineNanos - exchange.deadlineNanos > 0) {
            before = before.earlier;
        }
        Exchange after = before == null ? first : before.later;
        exchange.earlier = before;
        exchange.later = after;
        link(before, exchange);
        linkBack(after, exchange);
    }

    void remove(Exchange exchange) {
        link(exchange.earlier, exchange.later);
        linkBack(exchange.later, exchange.earlier);
        exchange.earlier = null;
        exchange.later = null;
    }

    private void link(@Nullable Exchange before, @Nullable Exchange next) {
        if (before == null) {
            first = next;
        } else {
            before.later = next;
        }
    }

    private void linkBack(@Nullable Exchange after, @Nullable Exchange previous) {
        if (after == null) {
            last = previous;
        } else {
            after.earlier = previous;
        }
    }
}

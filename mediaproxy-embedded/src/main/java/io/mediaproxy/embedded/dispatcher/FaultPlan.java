package io.mediaproxy.embedded.dispatcher;

import io.mediaproxy.embedded.report.Fault;
import io.mediaproxy.embedded.report.ReceivedCommand;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The faults that were ordered and not used up; of several that fit a command the one ordered first comes first. */
final class FaultPlan {
    private record Order(Fault fault, Predicate<ReceivedCommand> commands, AtomicInteger left) {}

    private final List<Order> orders = new CopyOnWriteArrayList<>();

    /** From any thread. */
    void add(Fault fault, Predicate<ReceivedCommand> commands, int times) {
        if (times < 1) {
            throw new IllegalArgumentException("A fault is ordered for at least one command, got " + times);
        }
        orders.add(new Order(fault, commands, new AtomicInteger(times)));
    }

    /** From any thread. */
    void clear() {
        orders.clear();
    }

    /** The fault for this command, counted as used; null: none. Dispatcher's thread only. */
    @Nullable Fault take(ReceivedCommand command) {
        Order order = first(command);
        if (order == null) {
            return null;
        }
        if (order.left().decrementAndGet() == 0) {
            orders.remove(order);
        }
        return order.fault();
    }

    private @Nullable Order first(ReceivedCommand command) {
        for (Order order : orders) {
            if (order.commands().test(command)) {
                return order;
            }
        }
        return null;
    }
}

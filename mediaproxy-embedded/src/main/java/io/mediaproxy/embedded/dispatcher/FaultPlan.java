package io.mediaproxy.embedded.dispatcher;

import io.mediaproxy.embedded.report.Fault;
import io.mediaproxy.embedded.report.ReceivedCommand;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The faults that were injected and are not used up. If several match a command, the one injected first is applied.
 * Thread-safe.
 */
final class FaultPlan {
    private record Injected(Fault fault, Predicate<ReceivedCommand> commands, AtomicInteger left) {}

    private final List<Injected> faults = new CopyOnWriteArrayList<>();

    /** Adds a fault for the next {@code times} commands that match. */
    void add(Fault fault, Predicate<ReceivedCommand> commands, int times) {
        if (times < 1) {
            throw new IllegalArgumentException("a fault is injected for at least one command, got " + times);
        }
        faults.add(new Injected(fault, commands, new AtomicInteger(times)));
    }

    /** Removes all faults. */
    void clear() {
        faults.clear();
    }

    /** The fault for this command, which counts as used; null if there is none. Called on the dispatcher's thread. */
    @Nullable Fault take(ReceivedCommand command) {
        Injected injected = first(command);
        if (injected == null) {
            return null;
        }
        if (injected.left().decrementAndGet() == 0) {
            faults.remove(injected);
        }
        return injected.fault();
    }

    private @Nullable Injected first(ReceivedCommand command) {
        for (Injected injected : faults) {
            if (injected.commands().test(command)) {
                return injected;
            }
        }
        return null;
    }
}

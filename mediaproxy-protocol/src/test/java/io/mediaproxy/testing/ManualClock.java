package io.mediaproxy.testing;

import io.mediaproxy.protocol.NanoClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A clock that only the test moves. It starts just before the overflow of nanoseconds, so that a comparison of two
 * times fails where a difference is needed. Thread-safe.
 */
public final class ManualClock implements NanoClock, LongSupplier {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
    private final List<Runnable> sleepers = new CopyOnWriteArrayList<>();

    @Override
    public long nanoTime() {
        return nanos.get();
    }

    @Override
    public long getAsLong() {
        return nanoTime();
    }

    @Override
    public void onJump(Runnable wakeUp) {
        sleepers.add(wakeUp);
    }

    /** Moves the clock and wakes the clients that use it. */
    public void advance(Duration step) {
        nanos.addAndGet(step.toNanos());
        sleepers.forEach(Runnable::run);
    }
}

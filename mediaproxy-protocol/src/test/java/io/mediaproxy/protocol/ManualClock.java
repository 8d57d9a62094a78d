package io.mediaproxy.protocol;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock that is moved by hand. It starts just before the overflow, to find code that compares times instead of
 * subtracting them.
 */
final class ManualClock implements NanoClock {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
    private final List<Runnable> sleepers = new CopyOnWriteArrayList<>();

    @Override
    public long nanoTime() {
        return nanos.get();
    }

    @Override
    public void onJump(Runnable wakeUp) {
        sleepers.add(wakeUp);
    }

    void advance(Duration step) {
        nanos.addAndGet(step.toNanos());
        sleepers.forEach(Runnable::run);
    }
}

package io.mediaproxy.protocol;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Time that only passes when told to; starts next to the overflow, where comparing instead of subtracting goes wrong.
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

package io.mediaproxy.scenario;

import io.mediaproxy.protocol.NanoClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Moves when told to. */
final class ManualClock implements NanoClock {
    private final AtomicLong nanos = new AtomicLong();
    private final List<Runnable> sleepers = new CopyOnWriteArrayList<>();

    @Override
    public long nanoTime() {
        return nanos.get();
    }

    @Override
    public void onJump(Runnable wakeUp) {
        sleepers.add(wakeUp);
    }

    void advance(Duration by) {
        nanos.addAndGet(by.toNanos());
        sleepers.forEach(Runnable::run);
    }
}

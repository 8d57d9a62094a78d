package io.mediaproxy.chaos;

import io.mediaproxy.protocol.NanoClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** The real time, which a test moves on to what is due later. Thread-safe. */
final class PassingClock implements NanoClock {
    private final AtomicLong ahead = new AtomicLong();

    @Override
    public long nanoTime() {
        return System.nanoTime() + ahead.get();
    }

    void advance(Duration step) {
        ahead.addAndGet(step.toNanos());
    }
}

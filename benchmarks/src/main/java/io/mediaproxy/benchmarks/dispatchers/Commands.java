package io.mediaproxy.benchmarks.dispatchers;

import java.time.Duration;

/**
 * What a {@link Load} came to.
 *
 * @param done commands that got the reply that they should get
 * @param failed commands that got another one, or none
 * @param time that both took
 */
record Commands(long done, long failed, Duration time) {
    static final Commands NONE = new Commands(0, 0, Duration.ZERO);

    Commands plus(Commands others) {
        return new Commands(done + others.done, failed + others.failed, time.plus(others.time));
    }

    /** Of those that are done. */
    double perSecond() {
        return done * 1e9 / time.toNanos();
    }
}

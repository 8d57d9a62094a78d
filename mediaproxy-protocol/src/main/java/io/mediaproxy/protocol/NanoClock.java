package io.mediaproxy.protocol;

/**
 * Source of time for timeouts, such as {@link System#nanoTime()}. Every thread that uses a client reads the clock.
 * Thread-safe.
 *
 * <p>A client sleeps in real time. A clock that is moved by hand, as in tests, therefore has to wake the client after
 * each step.
 */
@FunctionalInterface
public interface NanoClock {
    /**
     * Returns the time.
     *
     * @return nanoseconds since an arbitrary moment; only differences have a meaning
     */
    long nanoTime();

    /**
     * Registers a client that has to be woken when time jumps. Each client calls this once. By default it does nothing.
     *
     * @param wakeUp to run after each jump: cheap, for any thread, harmless after the client was closed
     */
    default void onJump(Runnable wakeUp) {}
}

package io.mediaproxy.protocol;

/**
 * Time for timeouts, as {@link System#nanoTime()} gives it. It is read from every thread that uses a client.
 *
 * <p>A test's clock only moves when told to; the client sleeps until real time has passed, therefore such a clock has to wake
 * it after each step.
 */
@FunctionalInterface
public interface NanoClock {
    /** Nanoseconds since an arbitrary moment; only differences mean something. */
    long nanoTime();

    /**
     * Called once by each client that uses this clock.
     *
     * @param wakeUp to be run after time has jumped; cheap, from any thread, harmless after the client was closed
     */
    default void onJump(Runnable wakeUp) {}
}

package io.mediaproxy.session;

import org.jspecify.annotations.NullMarked;

/** Gives the benchmarks access to the package-private periodic work of {@link MediaProxy}. Thread-safe. */
@NullMarked
public final class PeriodicWork {
    private PeriodicWork() {}

    /** Ends silent calls, and retries queued removals. */
    public static void run(MediaProxy mediaProxy) {
        mediaProxy.runPeriodicWork();
    }
}

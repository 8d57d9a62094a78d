package io.mediaproxy.session;

/** Runs the periodic work of a {@link MediaProxy}, for tests with a manual clock. */
public final class PassingTime {
    private PassingTime() {}

    public static void of(MediaProxy mediaProxy) {
        mediaProxy.runPeriodicWork();
    }
}

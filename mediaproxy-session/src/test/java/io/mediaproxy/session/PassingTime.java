package io.mediaproxy.session;

/** For tests with a clock of their own: what would be done when so much real time has passed. */
public final class PassingTime {
    private PassingTime() {}

    public static void of(MediaProxy mediaProxy) {
        mediaProxy.runPeriodicWork();
    }
}

package io.mediaproxy.examples.stateless;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Decides how many new calls a server takes. At first there is no limit. If new calls would be late for half a second
 * without a pause, it takes none; a shorter time is a stall that is over when its messages are handled (RFC 8289 4.1:
 * only a queue that stays is overload). Then it takes fewer in a second than before, and more with time, slowly at
 * first: most of the work of a call comes after its INVITE, so that a server that takes all calls as soon as it has
 * time has too many of them a second later. Confined to the thread that reads the socket.
 */
final class CallRate {
    /** Of the rate at which calls became late. */
    static final double CUT = 0.7;
    /**
     * By which the rate grows in a second, for each second in which calls were in time: by 3 % in the first second,
     * twofold in five and twentyfold in ten.
     */
    static final double GROWTH = 0.06;

    /** So that a rate can be measured, and the limit can grow. */
    static final double MIN_RATE = 10;
    /** Enough for any server; from here on there is no limit. */
    static final double MAX_RATE = 100_000;

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    /** For how long calls have to be late before the first one is refused. */
    static final long PATIENCE_NANOS = SECOND / 2;

    /** Calls that may come at once, in seconds of the rate. */
    private static final double BURST_SECONDS = 0.1;

    private final LongSupplier nanoTime;
    private double limit = MAX_RATE;
    /** The calls that may be taken now. */
    private double room;
    /** When room and limit were computed. */
    private long computedNanos;

    private long secondNanos;
    private int takenInSecond;
    /** The calls that were taken in the last full second. */
    private double lastRate;

    private long cutNanos;
    private long lateNanos;
    private boolean wasLate;
    /** When calls began to be late. */
    private long lateSinceNanos;

    /** @param nanoTime a nano clock */
    CallRate(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        computedNanos = nanoTime.getAsLong();
        secondNanos = computedNanos;
        cutNanos = computedNanos - SECOND;
    }

    /**
     * Decides about one new call.
     *
     * @param late whether it would be served too late
     */
    boolean takes(boolean late) {
        long now = nanoTime.getAsLong();
        count(now);
        if (late && !wasLate) {
            lateSinceNanos = now;
        }
        wasLate = late;
        boolean isLimited = limit < MAX_RATE;
        if (late && (isLimited || now - lateSinceNanos >= PATIENCE_NANOS)) {
            cut(now);
            return false;
        }
        if (isLimited) {
            makeRoom(now);
            if (room < 1) {
                return false;
            }
            room--;
        }
        takenInSecond++;
        return true;
    }

    private void count(long now) {
        long elapsed = now - secondNanos;
        if (elapsed >= SECOND) {
            lastRate = (double) takenInSecond * SECOND / elapsed;
            takenInSecond = 0;
            secondNanos = now;
        }
    }

    /** At most once a second: what was taken before shows its effect only then. */
    private void cut(long now) {
        if (now - cutNanos >= SECOND) {
            cutNanos = now;
            limit = Math.max(MIN_RATE, CUT * Math.min(limit, rate(now)));
        }
        room = 0;
        computedNanos = now;
        lateNanos = now;
    }

    /** Returns the rate at which calls were taken lately, also in the first second. */
    private double rate(long now) {
        double seconds = Math.max(BURST_SECONDS, (double) (now - secondNanos) / SECOND);
        return Math.max(lastRate, takenInSecond / seconds);
    }

    private void makeRoom(long now) {
        double seconds = (double) (now - computedNanos) / SECOND;
        double inTime = (double) (now - lateNanos) / SECOND;
        computedNanos = now;
        limit = Math.min(MAX_RATE, limit * Math.exp(GROWTH * seconds * (inTime - seconds / 2)));
        room = Math.min(Math.max(1, BURST_SECONDS * limit), room + seconds * limit);
    }
}

package io.mediaproxy.protocol;

import java.util.concurrent.TimeUnit;

/**
 * Counts the updates of the last ten seconds to a dispatcher, and those that it answered with {@code error}.
 * Thread-safe.
 */
final class UpdateErrors {
    private static final int SECONDS = 10;
    private static final int MIN_UPDATES = 20;
    /** Fewer prove nothing about a dispatcher with which another one is compared. */
    private static final int MIN_UPDATES_OF_HEALTHY = 5;

    private final int[] updates = new int[SECONDS];
    private final int[] errors = new int[SECONDS];
    private long second = Long.MIN_VALUE;

    synchronized void add(boolean isError, long now) {
        int slot = slot(now);
        updates[slot]++;
        if (isError) {
            errors[slot]++;
        }
    }

    /** Returns whether at least 20 updates were answered, at least half of them with {@code error}. */
    synchronized boolean areMany(long now) {
        slot(now);
        int all = sum(updates);
        return all >= MIN_UPDATES && 2 * sum(errors) >= all;
    }

    /** Returns whether less than a tenth of the updates was answered with {@code error}, and there were some. */
    synchronized boolean areFew(long now) {
        slot(now);
        int all = sum(updates);
        return all >= MIN_UPDATES_OF_HEALTHY && 10 * sum(errors) < all;
    }

    /** Clears the seconds that passed, and returns the place of this one. */
    private int slot(long now) {
        long current = Math.floorDiv(now, TimeUnit.SECONDS.toNanos(1));
        long first = second == Long.MIN_VALUE ? current : Math.max(second + 1, current - SECONDS + 1);
        for (long passed = first; passed <= current; passed++) {
            updates[Math.floorMod(passed, SECONDS)] = 0;
            errors[Math.floorMod(passed, SECONDS)] = 0;
        }
        second = current;
        return Math.floorMod(current, SECONDS);
    }

    private static int sum(int[] counts) {
        int sum = 0;
        for (int count : counts) {
            sum += count;
        }
        return sum;
    }
}

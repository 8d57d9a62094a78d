package io.mediaproxy.examples.stateless;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CallRateTest {
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
    /** Close to where a nano clock overflows. */
    private long now = Long.MAX_VALUE - 2000 * MS;

    private final CallRate rate = new CallRate(() -> now);

    /** Offers calls, evenly, and returns how many were taken in a second. */
    private double offer(int perSecond, int seconds, boolean late) {
        int taken = 0;
        for (int i = 0; i < perSecond * seconds; i++) {
            now += 1000 * MS / perSecond;
            taken += rate.takes(late) ? 1 : 0;
        }
        return (double) taken / seconds;
    }

    @Test
    void shouldTakeAllCallsThatAreInTime() {
        assertThat(offer(2000, 5, false)).isEqualTo(2000);
    }

    @Test
    void shouldTakeNoCallThatWouldBeLate() {
        assertThat(offer(100, 1, false)).isEqualTo(100);
        assertThat(offer(100, 1, true)).as("until half a second is over").isEqualTo(50);
        assertThat(offer(100, 3, true)).isZero();
    }

    @Test
    void shouldTakeAllCallsOfAStall() {
        for (int i = 0; i < 10; i++) {
            offer(400, 1, false);
            now += 2000 * MS; // then the messages that waited are handled, as fast as it goes
            assertThat(offer(4000, 1, false)).isEqualTo(4000);
            for (int waited = 0; waited < 1000; waited++) {
                now += MS / 3;
                assertThat(rate.takes(true)).isTrue();
            }
        }
    }

    @Test
    void shouldTakeFewerThanBeforeAndThenMore() {
        offer(400, 3, false);
        offer(400, 1, true);
        assertThat(offer(400, 1, false)).isBetween(270.0, 300.0); // 0.7 of 400, and what it grows by
        assertThat(offer(400, 1, false)).isBetween(285.0, 320.0);
        offer(400, 2, false);
        assertThat(offer(400, 1, false)).as("five seconds later").isEqualTo(400);
    }

    @Test
    void shouldCountOneTimeOfLatenessOnce() {
        offer(400, 3, false);
        for (int i = 0; i < 9; i++) { // within a second
            offer(200, 1, false);
            now -= 990 * MS;
            rate.takes(true);
        }
        assertThat(offer(1000, 1, false)).isGreaterThan(100);
    }

    /** A fifth of the work of each call is its INVITE; the rest follows after half a second, and after a whole one. */
    @Test
    void shouldSettleNearTheCapacityOfAServer() {
        double capacity = 300; // calls per second
        double waitingSeconds = 0;
        int served = 0;
        int[] taken = new int[61_000];
        for (int ms = 1000; ms < 61_000; ms++) {
            now += MS;
            taken[ms] = rate.takes(waitingSeconds > 0.2) ? 1 : 0; // 1,000 are offered in a second
            double work = (taken[ms] + 2 * taken[ms - 500] + 2 * taken[ms - 1000]) / 5.0 / capacity;
            waitingSeconds = Math.max(0, waitingSeconds + work - 0.001);
            if (ms > 6000) {
                served += taken[ms];
                assertThat(waitingSeconds).as("after %s ms", ms).isLessThan(0.4);
            }
        }
        assertThat(served / 55.0).isBetween(0.8 * capacity, capacity + 10);
    }
}

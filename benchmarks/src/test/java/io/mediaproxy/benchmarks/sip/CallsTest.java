package io.mediaproxy.benchmarks.sip;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class CallsTest {
    private static final int ASKED = 10_000;

    @Test
    void shouldBeHeldIfAlmostAllCompleteWithoutBeingSentAgain() {
        assertThat(calls(ASKED, ASKED, 0, 0, 2000).held(true)).isTrue();
        assertThat(calls(ASKED - 1, ASKED - 1, 0, 10, 1940).held(true)).isTrue();
    }

    @Test
    void shouldNotBeHeldIfMoreThanATenthOfAThousandthFailedOrWasRefused() {
        assertThat(calls(ASKED - 2, ASKED - 2, 0, 0, 2000).held(true)).isFalse();
        assertThat(calls(ASKED, ASKED - 2, 2, 0, 2000).held(true)).isFalse();
        assertThat(calls(ASKED, ASKED - 1, 1, 0, 2000).held(true)).isTrue();
    }

    @Test
    void shouldNotBeHeldIfMoreThanAThousandthWasSentAgain() {
        assertThat(calls(ASKED, ASKED, 0, 11, 2000).held(true)).isFalse();
    }

    @Test
    void shouldNotBeHeldIfTheRateWasNotReached() {
        assertThat(calls(ASKED, ASKED, 0, 0, 1939).held(true)).isFalse();
    }

    @Test
    void shouldNotBeHeldByAProxyIfOneCallHasNoRelay() {
        Calls calls = calls(ASKED, ASKED - 1, 0, 0, 2000);

        assertThat(calls.withoutRelay()).isOne();
        assertThat(calls.held(true)).isFalse();
        assertThat(calls.held(false)).isTrue();
    }

    @Test
    void shouldCountARefusedCallNeitherAsFailedNorAsCompleted() {
        Calls calls = calls(ASKED - 5, ASKED - 15, 10, 0, 2000);

        assertThat(calls.failed()).isEqualTo(5);
        assertThat(calls.counts().completed()).isEqualTo(ASKED - 15);
        assertThat(calls.withoutRelay()).isZero();
    }

    private static Calls calls(long successful, long relayed, long refused, long sentAgain, double begun) {
        Counts counts = new Counts(ASKED, successful, 0, sentAgain, relayed, refused);
        return new Calls(2000, ASKED, counts, sentAgain, begun, new Histogram(3), Duration.ZERO);
    }
}

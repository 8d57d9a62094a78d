package io.mediaproxy.cli.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerTimesTest {
    private final AnswerTimes times = new AnswerTimes();

    @Test
    void shouldSayNothingOfNoAnswers() {
        assertThat(times.percentileMillis(0.5)).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 15, 16, 17, 31, 32, 1000, 65_535, 65_536, 1_000_000, 60_000_000})
    void shouldBeRightToOneSixteenth(long micros) {
        times.record(TimeUnit.MICROSECONDS.toNanos(micros));

        assertThat(times.percentileMillis(0.5)).isBetween(micros / 1000.0, micros / 1000.0 * 17 / 16);
    }

    @Test
    void shouldFindThePercentilesOfMany() {
        for (int i = 1; i <= 1000; i++) {
            times.record(TimeUnit.MICROSECONDS.toNanos(100L * i));
        }

        assertThat(times.percentileMillis(0.5)).isCloseTo(50, within(4.0));
        assertThat(times.percentileMillis(0.99)).isCloseTo(99, within(7.0));
        assertThat(times.count()).isEqualTo(1000);
    }

    @Test
    void shouldMoveToAnother() {
        AnswerTimes other = new AnswerTimes();
        other.record(1);
        times.record(TimeUnit.MILLISECONDS.toNanos(1));
        times.moveTo(other);

        assertThat(times.count()).isZero();
        assertThat(other.count()).isEqualTo(2);
    }
}

package io.mediaproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class UpdateErrorsTest {
    private final UpdateErrors errors = new UpdateErrors();
    private long now = Duration.ofDays(3).toNanos();

    private void add(int count, boolean isError) {
        for (int i = 0; i < count; i++) {
            errors.add(isError, now);
        }
    }

    @Test
    void shouldNeedTwentyUpdatesAndHalfOfThemErrors() {
        add(10, true);
        add(9, false);
        assertThat(errors.areMany(now)).isFalse();

        add(1, false);

        assertThat(errors.areMany(now)).isTrue();
        add(1, false);
        assertThat(errors.areMany(now)).isFalse();
    }

    @Test
    void shouldForgetAfterTenSeconds() {
        add(20, true);
        now += Duration.ofSeconds(9).toNanos();
        assertThat(errors.areMany(now)).isTrue();
        now += Duration.ofSeconds(1).toNanos();

        assertThat(errors.areMany(now)).isFalse();
        add(20, false);
        assertThat(errors.areFew(now)).isTrue();
    }

    @Test
    void shouldProveHealthByLessThanATenth() {
        add(4, false);
        assertThat(errors.areFew(now)).as("too few to prove anything").isFalse();
        add(5, false);
        assertThat(errors.areFew(now)).isTrue();
        add(1, true);
        assertThat(errors.areFew(now)).isFalse();
        add(1, false);
        assertThat(errors.areFew(now)).isTrue();
    }

    @Test
    void shouldForgetAllAfterALongTime() {
        add(20, true);
        now += Duration.ofDays(2).toNanos();

        assertThat(errors.areMany(now)).isFalse();
    }
}

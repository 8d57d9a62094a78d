package io.mediaproxy.benchmarks.sip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateSearchTest {
    private final List<Integer> tried = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(ints = {20, 77, 499, 500, 501, 999, 1000, 1234, 40_000})
    void shouldComeCloseToTheHighestRateThatIsHeld(int highest) throws Exception {
        int held = new RateSearch(2, 1.1, 1).run(500, rate -> rate <= highest);

        assertThat(held).isBetween((int) (highest / 1.12), highest);
    }

    @Test
    void shouldTryAgainWhatWasMissedOnce() throws Exception {
        int held = new RateSearch(2, 1.5, 2).run(500, rate -> {
            boolean second = tried.contains(rate);
            tried.add(rate);
            return rate < 1000 || (rate == 1000 && second);
        });

        assertThat(held).isEqualTo(1000);
        assertThat(tried).containsExactly(500, 1000, 1000, 2000, 2000, 1414, 1414);
    }

    @Test
    void shouldNeedFewAttemptsNearTheRateOfTheLastRound() throws Exception {
        int held = new RateSearch(1.2, 1.1, 1).run(2378, rate -> {
            tried.add(rate);
            return rate < 2400;
        });

        assertThat(held).isEqualTo(2378);
        assertThat(tried).containsExactly(2378, 2854, 2605);
    }

    @Test
    void shouldGoDownFromARateThatIsNoLongerHeld() throws Exception {
        int held = new RateSearch(1.2, 1.1, 1).run(2378, rate -> rate < 1700);

        assertThat(held).isBetween(1545, 1700);
    }

    @Test
    void shouldEndWhereNothingIsHeld() throws Exception {
        assertThat(new RateSearch(2, 1.1, 2).run(500, rate -> false)).isZero();
    }

    @Test
    void shouldEndWhereEverythingIsHeld() throws Exception {
        assertThat(new RateSearch(2, 1.1, 2).run(500, rate -> true)).isEqualTo(64_000);
    }

    @Test
    void shouldEndAfterTwelveRates() throws Exception {
        new RateSearch(1.2, 1.1, 1).run(2000, rate -> !tried.add(rate));

        assertThat(tried).hasSize(12);
    }
}

package io.mediaproxy.benchmarks.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class WarmUpTest {
    @Test
    void shouldEndWhenARoundChangesByLessThanFivePerCent() throws Exception {
        WarmUp.Result result = warmUp(6, 1.0, 0.8, 0.7, 0.68, 0.3);

        assertThat(result.rounds()).isEqualTo(4);
        assertThat(result.percent()).isCloseTo(2.9, within(0.1));
        assertThat(result.isSettled()).isTrue();
    }

    @Test
    void shouldCountARiseAsAChange() throws Exception {
        assertThat(warmUp(6, 0.5, 0.6, 0.61).rounds()).isEqualTo(3);
    }

    @Test
    void shouldEndAtTheBoundAndReportTheLastChange() throws Exception {
        WarmUp.Result result = warmUp(3, 1.0, 0.8, 0.6, 0.6);

        assertThat(result.rounds()).isEqualTo(3);
        assertThat(result.percent()).isCloseTo(25, within(0.1));
        assertThat(result.isSettled()).isFalse();
    }

    private static WarmUp.Result warmUp(int most, Double... cpu) throws Exception {
        Iterator<Double> rounds = List.of(cpu).iterator();
        return new WarmUp(most).run(rounds::next);
    }
}

package io.mediaproxy.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ProcessorTimesTest {
    @Test
    void shouldReadTheSumOfAllCoresWithoutCountingGuestsTwice() throws IOException {
        ProcessorTimes times = ProcessorTimes.of("""
                cpu  100 20 30 400 5 6 7 8 90 10
                cpu0 50 10 15 200 2 3 3 4 45 5
                intr 1 2 3
                """);

        assertThat(times).isEqualTo(new ProcessorTimes(576, 8));
    }

    @Test
    void shouldReturnTheStolenShare() {
        ProcessorTimes before = new ProcessorTimes(1000, 10);

        assertThat(new ProcessorTimes(1200, 15).stolenPercentSince(before)).isCloseTo(2.5, within(1e-9));
        assertThat(before.stolenPercentSince(before)).isZero();
    }

    @Test
    void shouldRefuseAnotherText() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> ProcessorTimes.of("cpu  1 2 3"))
                .withMessageContaining("\"cpu  1 2 3\"");
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> ProcessorTimes.of(""));
    }
}

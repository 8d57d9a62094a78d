package io.mediaproxy.benchmarks.sip;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.benchmarks.report.Measurement;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FiguresTest {
    private static final Map<String, String> PROXY = Map.of("proxy", "kamailio");

    private final Figures figures = new Figures();

    @Test
    void shouldGiveTheMedianOfTheRoundsWithTheLowestAndTheHighest() {
        add("CPU", 0.5);
        add("calls held", 2000);
        add("CPU", 0.25);
        add("calls held", 2200);
        add("CPU", 0.75);

        assertThat(figures.measurements())
                .containsExactly(
                        new Measurement("Calls", "CPU", PROXY, 0.5, null, 0.25, 0.75, "unit"),
                        new Measurement("Calls", "calls held", PROXY, 2100, null, 2000.0, 2200.0, "unit"));
    }

    @Test
    void shouldGiveNoSpreadOfOneRound() {
        add("CPU", 0.5);

        assertThat(figures.measurements()).containsExactly(new Measurement("Calls", "CPU", PROXY, 0.5, null, "unit"));
    }

    private void add(String method, double value) {
        figures.add("Calls", method, PROXY, value, "unit");
    }
}

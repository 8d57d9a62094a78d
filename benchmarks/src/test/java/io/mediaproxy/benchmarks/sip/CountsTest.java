package io.mediaproxy.benchmarks.sip;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Reads statistics in the format of sipp 3.6. */
class CountsTest {
    private static final String COMMON =
            "TotalCallCreated;SuccessfulCall(P);SuccessfulCall(C);FailedCall(C);" + "Retransmissions(C);";

    @Test
    void shouldReadTheLatestCompleteLine() {
        String csv = "relayed(P);relayed(C);refused(P);refused(C);" + COMMON + "\n"
                + "0;1;0;1;9;2;3;4;5;\n"
                + "0;6;0;7;90;8;20;30;40;\n"
                + "0;8;0;7;95;8;2";

        assertThat(Counts.of(csv)).isEqualTo(new Counts(90, 20, 30, 40, 6, 7));
        assertThat(Counts.of(csv).completed()).isEqualTo(13);
    }

    @Test
    void shouldReadTheStatisticsOfAScenarioWithoutCounters() {
        assertThat(Counts.of(COMMON + "\n9;1;2;3;4;\n")).isEqualTo(new Counts(9, 2, 3, 4, 0, 0));
    }

    @Test
    void shouldHaveNoCountsBeforeTheFirstLine() {
        assertThat(Counts.of("")).isEqualTo(Counts.NONE);
        assertThat(Counts.of(COMMON + "\n")).isEqualTo(Counts.NONE);
    }
}

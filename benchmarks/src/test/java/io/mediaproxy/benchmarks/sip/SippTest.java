package io.mediaproxy.benchmarks.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.mediaproxy.benchmarks.process.RunningProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads files in the format of sipp 3.6. */
class SippTest {
    private final Path folder;
    private final Sipp sipp;

    SippTest(@TempDir Path folder) {
        this.folder = folder;
        sipp = new Sipp(folder, new RunningProcess(ProcessHandle.current()));
    }

    @Test
    void shouldHaveNoCountsBeforeItsFirstStatistics() throws IOException {
        assertThat(sipp.counts()).isEqualTo(Counts.NONE);
    }

    @Test
    void shouldReadItsStatistics() throws IOException {
        Files.writeString(
                folder.resolve("counts.csv"),
                "TotalCallCreated;SuccessfulCall(C);FailedCall(C);" + "Retransmissions(C);\n4;3;2;1;\n");

        assertThat(sipp.counts()).isEqualTo(new Counts(4, 3, 2, 1, 0, 0));
    }

    @Test
    void shouldReadAnswerTimesAndTheRateOfCalls() throws IOException {
        StringBuilder lines = new StringBuilder("Date_ms;response_time_ms;rtd_name\n");
        for (int i = 0; i < 100; i++) {
            int millis = i < 98 ? 8 : 200;
            lines.append(1000 + 20 * i + millis).append(';').append(millis).append(".000;1\n");
        }
        Files.writeString(folder.resolve("caller_1_rtt.csv"), lines);
        Histogram answers = new Histogram(3);

        double begun = sipp.readAnswers(answers);

        assertThat(begun).isCloseTo(50, within(0.01));
        assertThat(answers.getTotalCount()).isEqualTo(100);
        assertThat(answers.getValueAtPercentile(50)).isEqualTo(8);
        assertThat(answers.getValueAtPercentile(99)).isEqualTo(200);
    }

    @Test
    void shouldIgnoreALineThatSippDidNotComplete() throws IOException {
        Files.writeString(folder.resolve("caller_1_rtt.csv"), "Date_ms;response_time_ms\n1000;8.0\n2000;8.0\n3000");

        assertThat(sipp.readAnswers(new Histogram(3))).isEqualTo(1);
    }

    @Test
    void shouldHaveNoRateWithoutAnswerTimes() throws IOException {
        assertThat(sipp.readAnswers(new Histogram(3))).isZero();
    }
}

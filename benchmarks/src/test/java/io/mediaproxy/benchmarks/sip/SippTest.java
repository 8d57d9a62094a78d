package io.mediaproxy.benchmarks.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
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
    void shouldReadTheLatestCompleteLineOfTheCounts() throws IOException {
        assertThat(sipp.failures()).isZero();

        String counts = """
                StartTime;FailedCall(P);FailedCall(C);Retransmissions(C);
                t;1;2;3;
                t;1;4;5;
                t;1;60""";
        Files.writeString(folder.resolve("counts.csv"), counts);

        assertThat(sipp.failures()).isEqualTo(4);
        assertThat(sipp.retransmissions()).isEqualTo(5);
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
    void shouldFailWithoutAnswerTimes() {
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> sipp.readAnswers(new Histogram(3)));
    }
}

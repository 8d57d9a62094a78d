package io.mediaproxy.benchmarks.dispatchers;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.benchmarks.report.Measurement;
import io.mediaproxy.embedded.EmbeddedDispatcher;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class CompareDispatchersTest {
    private static final CompareDispatchers.Settings SHORTEST =
            new CompareDispatchers.Settings(Duration.ofMillis(200), Duration.ofMillis(100), 2);

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void shouldMeasureTheEmbeddedDispatcherAndTheOneThatTheUserStarted(@TempDir Path folder) throws Exception {
        try (EmbeddedDispatcher running = EmbeddedDispatcher.start()) {
            Map<String, String> environment = Map.of(
                    RunningDispatcher.SOCKET,
                    running.socket().toString(),
                    RunningDispatcher.PIDS,
                    String.valueOf(ProcessHandle.current().pid()));

            List<Measurement> results = CompareDispatchers.compare(SHORTEST, folder, environment);

            for (String title : List.of(RunningDispatcher.EMBEDDED, RunningDispatcher.MEDIAPROXY)) {
                for (String connections : List.of("1", "4", "8", "32")) {
                    assertThat(score(results, title, connections)).isPositive();
                    assertThat(score(results, title + ", CPU", connections)).isNotNegative();
                    assertThat(score(results, title + ", memory", connections)).isPositive();
                }
            }
            assertThat(results)
                    .filteredOn(result -> result.method().endsWith(", failed"))
                    .hasSizeGreaterThanOrEqualTo(8)
                    .allSatisfy(result -> assertThat(result.score()).isZero());
            assertThat(running.counters().liveSessions()).isZero();
            assertThat(running.counters().commands()).isPositive();
        }
    }

    private static double score(List<Measurement> results, String method, String connections) {
        return results.stream()
                .filter(result -> result.benchmark().equals("Commands"))
                .filter(result -> result.method().equals(method))
                .filter(result -> result.parameters().equals(Map.of("connections", connections)))
                .mapToDouble(Measurement::score)
                .findFirst()
                .orElseThrow();
    }
}

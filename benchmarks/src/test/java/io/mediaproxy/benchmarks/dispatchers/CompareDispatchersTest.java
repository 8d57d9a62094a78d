package io.mediaproxy.benchmarks.dispatchers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.mediaproxy.embedded.EmbeddedDispatcher;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CompareDispatchersTest {
    private static final CompareDispatchers.Settings SHORTEST =
            new CompareDispatchers.Settings(Duration.ofMillis(200), Duration.ofMillis(100), 2);

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void shouldMeasureWhatIsHereAndWhatTheUserHasStarted() throws Exception {
        try (EmbeddedDispatcher running = EmbeddedDispatcher.start()) {
            ArrayNode results = CompareDispatchers.compare(
                    SHORTEST,
                    Map.of(
                            Contestant.SOCKET,
                            running.socket().toString(),
                            Contestant.PIDS,
                            String.valueOf(ProcessHandle.current().pid())));

            for (Contestant contestant : List.of(Contestant.EMBEDDED, Contestant.MEDIAPROXY)) {
                for (String connections : List.of("1", "4", "8", "32")) {
                    assertThat(score(results, contestant.title, connections)).isPositive();
                    assertThat(score(results, contestant.title + ", failed", connections))
                            .isZero();
                    assertThat(score(results, contestant.title + ", CPU", connections))
                            .isNotNegative();
                    assertThat(score(results, contestant.title + ", memory", connections))
                            .isPositive();
                }
            }
            assertThat(results)
                    .filteredOn(entry -> entry.get("benchmark").textValue().endsWith(", failed"))
                    .allSatisfy(entry -> assertThat(
                                    entry.get("primaryMetric").get("score").doubleValue())
                            .as("%s", entry)
                            .isZero());
            assertThat(running.counters().liveSessions()).isZero();
            assertThat(running.counters().commands()).isPositive();
        }
    }

    private static double score(ArrayNode results, String what, String connections) {
        return StreamSupport.stream(results.spliterator(), false)
                .filter(entry -> entry.get("benchmark").textValue().equals("Dispatchers.Commands." + what))
                .filter(entry ->
                        entry.get("params").get("connections").textValue().equals(connections))
                .map(entry -> entry.get("primaryMetric").get("score"))
                .mapToDouble(JsonNode::doubleValue)
                .findFirst()
                .orElseThrow();
    }
}

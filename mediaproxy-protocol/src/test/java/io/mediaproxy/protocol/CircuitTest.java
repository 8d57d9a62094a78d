package io.mediaproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CircuitTest {
    private double random = 0.5;
    private final Circuit circuit = new Circuit("/a.sock", () -> random);
    private long now = Long.MAX_VALUE - 1_000; // differences count, not values

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private void shouldProbeAfter(double seconds) {
        Duration nanos = Duration.ofNanos((long) (seconds * 1e9));
        pass(nanos.minusMillis(1));
        assertThat(circuit.beginProbe(now)).isFalse();
        pass(Duration.ofMillis(1));
        assertThat(circuit.beginProbe(now)).isTrue();
        assertThat(circuit.beginProbe(now)).as("one probe at a time").isFalse();
    }

    @Test
    void shouldOpenAtOnceAfterAHardFailure() {
        circuit.failedHard("refused", now);

        assertThat(circuit.isClosed()).isFalse();
    }

    @Test
    void shouldOpenAfterThreeSoftFailuresInARow() {
        circuit.failedSoftly("timeout", now);
        circuit.failedSoftly("timeout", now);
        circuit.replied();
        circuit.failedSoftly("timeout", now);
        circuit.failedSoftly("timeout", now);
        assertThat(circuit.isClosed()).isTrue();

        circuit.failedSoftly("timeout", now);

        assertThat(circuit.isClosed()).isFalse();
    }

    @Test
    void shouldWaitLongerAfterEachFailedProbe() {
        circuit.failedHard("refused", now);
        for (int seconds : new int[] {10, 20, 40, 60, 60}) {
            circuit.failedHard("refused", now); // of a command that was in flight: changes nothing
            circuit.failedSoftly("timeout", now);
            shouldProbeAfter(seconds);
            circuit.probeFailed(now);
            assertThat(circuit.isClosed()).isFalse();
        }
    }

    @Test
    void shouldSpreadTheProbesOfSeveralServers() {
        random = 0;
        circuit.failedHard("refused", now);
        shouldProbeAfter(8);
        random = 1;
        circuit.probeFailed(now);
        shouldProbeAfter(24);
    }

    @Test
    void shouldReturnSlowlyAndForgetItsFailuresThen() {
        assertThat(circuit.share(now)).isEqualTo(1);
        circuit.failedHard("refused", now);
        shouldProbeAfter(10);

        circuit.probeSucceeded(now);

        assertThat(circuit.isClosed()).isTrue();
        assertThat(circuit.share(now)).isPositive().isLessThan(0.05);
        pass(Duration.ofSeconds(5));
        assertThat(circuit.share(now)).isEqualTo(0.5);
        circuit.failedHard("refused", now);
        shouldProbeAfter(20); // it was not well for long
        circuit.probeSucceeded(now);
        pass(Duration.ofSeconds(10));
        assertThat(circuit.share(now)).isEqualTo(1);
        circuit.failedHard("refused", now);
        shouldProbeAfter(10);
    }

    @Test
    void shouldProbeAtOnceAfterASignOfLife() {
        circuit.showedLife(now);
        assertThat(circuit.isClosed()).isTrue();
        circuit.failedHard("refused", now);

        circuit.showedLife(now);

        assertThat(circuit.beginProbe(now)).isTrue();
    }
}

package io.mediaproxy.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.session.Outcome;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The calls that the benchmark measures do what it says. */
class AliveCallsTest {
    private static final int NUMBER = 20;

    @Test
    void shouldFollowMessagesOfAllCallsAndKeepThemAlive() throws IOException, InterruptedException {
        try (AliveCalls calls = new AliveCalls(NUMBER)) {
            for (int i = 0; i < 2 * NUMBER; i++) {
                assertThat(calls.info().outcome()).isEqualTo(Outcome.NO_SDP);
                assertThat(calls.reInvite().outcome()).isEqualTo(Outcome.REWRITTEN);
            }
            calls.periodicWork();

            assertThat(calls.size()).isEqualTo(NUMBER);
        }
    }
}

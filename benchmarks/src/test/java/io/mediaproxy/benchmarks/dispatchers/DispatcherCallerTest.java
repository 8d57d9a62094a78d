package io.mediaproxy.benchmarks.dispatchers;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.embedded.report.Fault;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DispatcherCallerTest {
    private static final Duration TURN = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration NO_PATIENCE = Duration.ofMillis(100);

    private final EmbeddedDispatcher dispatcher = EmbeddedDispatcher.start();

    @AfterEach
    void close() {
        dispatcher.close();
    }

    @Test
    void shouldBeginACallOfTwoStreamsAndEndIt() throws IOException {
        try (Caller caller = new DispatcherCaller(dispatcher.socket())) {
            assertThat(caller.begin()).isTrue();
            assertThat(dispatcher.counters().portsInUse()).isEqualTo(8);
            assertThat(caller.end()).isTrue();
            assertThat(dispatcher.counters().portsInUse()).isZero();
            assertThat(caller.end()).isFalse();
        }
    }

    @Test
    void shouldCountEveryOtherReplyAsFailed() throws IOException {
        try (Caller caller = new DispatcherCaller(dispatcher.socket())) {
            for (String reply : List.of("error", "None", "removed", "127.0.0.1 50000", "127.0.0.1 50000 0")) {
                dispatcher.inject(new Fault.Reply(reply));
                assertThat(caller.begin()).as(reply).isFalse();
            }
        }
    }

    @Test
    void shouldCountCommandsAndEndAllCalls() throws Exception {
        Load load = load(2, PATIENCE);

        assertThat(load.failed()).isZero();
        assertThat(load.done()).isEqualTo(dispatcher.counters().commands());
        assertThat(load.time()).isGreaterThanOrEqualTo(TURN);
        assertThat(dispatcher.counters().liveSessions()).isZero();
    }

    @Test
    void shouldCountACommandThatFails() throws Exception {
        dispatcher.inject(new Fault.ReplyError());

        Load load = load(1, PATIENCE);

        assertThat(load.failed()).isEqualTo(1);
        assertThat(load.done() + 1).isEqualTo(dispatcher.counters().commands());
    }

    @Test
    void shouldCountACommandWithoutReplyAndALostConnectionAsFailed() throws Exception {
        dispatcher.inject(new Fault.Stall(Fault.Moment.BEFORE_EXECUTING));
        assertThat(load(1, NO_PATIENCE).failed()).isEqualTo(1);

        dispatcher.inject(new Fault.CloseConnection(Fault.Moment.BEFORE_EXECUTING));
        Load load = load(1, PATIENCE);
        assertThat(load.failed()).isEqualTo(1);
        assertThat(load.done()).isZero();
    }

    private Load load(int connections, Duration patience) throws IOException, InterruptedException {
        return Load.run(() -> new DispatcherCaller(dispatcher.socket()), connections, TURN, patience);
    }
}

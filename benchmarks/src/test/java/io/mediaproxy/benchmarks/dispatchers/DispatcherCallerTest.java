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
    void shouldNotTakeAnyOtherReplyForADoneCommand() throws IOException {
        try (Caller caller = new DispatcherCaller(dispatcher.socket())) {
            for (String reply : List.of("error", "None", "removed", "127.0.0.1 50000", "127.0.0.1 50000 0")) {
                dispatcher.inject(new Fault.Reply(reply));
                assertThat(caller.begin()).as(reply).isFalse();
            }
        }
    }

    @Test
    void shouldCountWhatWasDoneAndLeaveNoCallBehind() throws Exception {
        try (Caller one = new DispatcherCaller(dispatcher.socket());
                Caller other = new DispatcherCaller(dispatcher.socket())) {
            Commands commands = Load.run(List.of(one, other), TURN, PATIENCE);

            assertThat(commands.failed()).isZero();
            assertThat(commands.done()).isEqualTo(dispatcher.counters().commands());
            assertThat(commands.time()).isGreaterThanOrEqualTo(TURN);
            assertThat(dispatcher.counters().liveSessions()).isZero();
        }
    }

    @Test
    void shouldCountACommandThatFails() throws Exception {
        dispatcher.inject(new Fault.ReplyError());
        try (Caller caller = new DispatcherCaller(dispatcher.socket())) {
            Commands commands = Load.run(List.of(caller), TURN, PATIENCE);

            assertThat(commands.failed()).isEqualTo(1);
            assertThat(commands.done() + 1).isEqualTo(dispatcher.counters().commands());
        }
    }

    @Test
    void shouldCountACommandThatIsNeverAnsweredAndAConnectionThatIsLost() throws Exception {
        dispatcher.inject(new Fault.Stall(Fault.Moment.BEFORE_EXECUTING));
        try (Caller caller = new DispatcherCaller(dispatcher.socket())) {
            assertThat(Load.run(List.of(caller), TURN, NO_PATIENCE).failed()).isEqualTo(1);
        }
        dispatcher.inject(new Fault.CloseConnection(Fault.Moment.BEFORE_EXECUTING));
        try (Caller caller = new DispatcherCaller(dispatcher.socket())) {
            assertThat(Load.run(List.of(caller), TURN, PATIENCE)).satisfies(commands -> {
                assertThat(commands.failed()).isEqualTo(1);
                assertThat(commands.done()).isZero();
            });
        }
    }
}

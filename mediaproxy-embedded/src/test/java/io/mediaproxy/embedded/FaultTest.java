package io.mediaproxy.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mediaproxy.embedded.report.Fault;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final CallFixture call = new CallFixture();
    private final ControlClient client = new ControlClient(call.dispatcher);

    @AfterEach
    void close() {
        client.close();
        call.close();
    }

    private void assertHealthy() {
        assertThat(client.send(Commands.remove("unknown")).received()).isEqualTo("error\r\n");
    }

    @Test
    void shouldDelayOneReplyByTheClock() {
        call.dispatcher.inject(new Fault.Delay(SECOND));
        client.send(Commands.offer("c"));
        assertThat(client.received()).isEmpty();
        assertHealthy();

        call.clock.advance(SECOND);
        assertThat(client.received()).startsWith("127.0.0.1 ").endsWith("\r\n");
    }

    @Test
    void shouldReplyErrorWithoutExecuting() {
        call.dispatcher.inject(new Fault.ReplyError());

        assertThat(client.send(Commands.offer("c")).received()).isEqualTo("error\r\n");
        assertThat(call.dispatcher.sessions()).isEmpty();
    }

    @Test
    void shouldReplyNoneWithoutExecuting() {
        call.dispatcher.inject(new Fault.ReplyNone());

        assertThat(client.send(Commands.offer("c")).received()).isEqualTo("None\r\n");
        assertThat(call.dispatcher.sessions()).isEmpty();
    }

    @Test
    void shouldSendGarbageInsteadOfTheReply() {
        call.dispatcher.inject(new Fault.Garbage(ControlClient.bytes("\u00ff\u0000 127.0.0.1\n")));

        assertThat(client.send(Commands.offer("c")).received()).isEqualTo("\u00ff\u0000 127.0.0.1\n");
        assertThat(call.dispatcher.sessions()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 6, 7, 8})
    void shouldSplitAReplyAtTheGivenByte(int at) {
        call.run(Commands.offer("c"));
        call.dispatcher.inject(new Fault.SplitReply(at, SECOND));

        assertThat(client.send(Commands.remove("c")).received()).isEqualTo("removed\r\n".substring(0, at));
        call.clock.advance(SECOND);
        assertThat(client.received()).isEqualTo("removed\r\n".substring(at));
    }

    @Test
    void shouldSendAShorterReplyWhole() {
        call.dispatcher.inject(new Fault.SplitReply(7, SECOND));

        assertThat(client.send(Commands.remove("c")).received()).isEqualTo("error\r\n");
    }

    @Test
    void shouldCloseBeforeOrAfterExecuting() {
        call.dispatcher.inject(new Fault.CloseConnection(Fault.Moment.BEFORE_EXECUTING));
        assertThat(call.run(Commands.offer("c"))).isEqualTo(ControlClient.END);
        assertThat(call.dispatcher.sessions()).isEmpty();

        call.dispatcher.inject(new Fault.CloseConnection(Fault.Moment.AFTER_EXECUTING));
        assertThat(call.run(Commands.offer("c"))).isEqualTo(ControlClient.END);
        assertThat(call.dispatcher.sessions()).hasSize(1);
    }

    @Test
    void shouldStallBeforeOrAfterExecuting() {
        call.dispatcher.inject(new Fault.Stall(Fault.Moment.BEFORE_EXECUTING));
        assertThat(client.send(Commands.offer("c")).received()).isEmpty();
        assertThat(call.dispatcher.sessions()).isEmpty();

        call.dispatcher.inject(new Fault.Stall(Fault.Moment.AFTER_EXECUTING));
        assertThat(client.send(Commands.offer("c")).received()).isEmpty();
        assertThat(call.dispatcher.sessions()).hasSize(1);
        assertHealthy();
    }

    @Test
    void shouldApplyAFaultToTheGivenNumberOfCommands() {
        call.dispatcher.inject(new Fault.ReplyNone(), 2);

        assertThat(client.send(Commands.remove("a") + Commands.remove("b") + Commands.remove("c"))
                        .received())
                .isEqualTo("None\r\nNone\r\nerror\r\n");
    }

    @Test
    void shouldApplyAFaultToMatchingCommandsUntilCleared() {
        call.dispatcher.inject(
                new Fault.ReplyNone(),
                command -> command.name().equals("remove") && command.callId().equals("b"));
        String commands = Commands.remove("a") + Commands.remove("b");

        assertThat(client.send(commands + commands).received()).isEqualTo("error\r\nNone\r\nerror\r\nNone\r\n");
        call.dispatcher.clearFaults();
        assertThat(client.send(commands).received()).isEqualTo("error\r\nerror\r\n");
    }

    @Test
    void shouldPreferTheFaultInjectedFirst() {
        call.dispatcher.inject(new Fault.ReplyNone());
        call.dispatcher.inject(new Fault.ReplyError(), command -> true);

        assertThat(client.send(Commands.remove("a") + Commands.remove("b")).received())
                .isEqualTo("None\r\nerror\r\n");
    }

    @Test
    void shouldRefuseInvalidFaults() {
        assertThatThrownBy(() -> call.dispatcher.inject(new Fault.ReplyNone(), 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Fault.Delay(Duration.ofMillis(-1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Fault.SplitReply(0)).isInstanceOf(IllegalArgumentException.class);
    }
}

package io.mediaproxy.embedded;

import static io.mediaproxy.embedded.SipServerSocket.endDialog;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two dispatchers with one relay. */
class SharedRelayTest {
    private final SipServerSocket sipServer;
    private final SipServerSocket otherSipServer;
    private final CallFixture call;
    private final EmbeddedDispatcher other;
    private final ControlClient client;

    SharedRelayTest(@TempDir Path directory) {
        sipServer = new SipServerSocket(directory.resolve("one.sock"));
        otherSipServer = new SipServerSocket(directory.resolve("two.sock"));
        call = new CallFixture(directory.resolve("one.sock"));
        other = EmbeddedDispatcher.builder()
                .relays(call.relay)
                .openSipsSocket(directory.resolve("two.sock"))
                .clock(call.clock)
                .start();
        client = new ControlClient(other);
    }

    @AfterEach
    void close() {
        client.close();
        other.close();
        call.close();
        sipServer.close();
        otherSipServer.close();
    }

    private void pass(Duration time) {
        call.pass(time);
        other.expireNow();
    }

    @Test
    void shouldServeBothDispatchers() {
        assertThat(call.run(Commands.offer("a"))).startsWith("127.0.0.1 ");
        assertThat(client.send(Commands.offer("b")).received()).startsWith("127.0.0.1 ");
        assertThat(call.relay.sessions()).hasSize(2);

        assertThat(call.run(Commands.remove("b"))).isEqualTo("error\r\n");
        assertThat(call.run(Commands.remove("a"))).isEqualTo("removed\r\n");
        assertThat(client.send(Commands.remove("b")).received()).isEqualTo("removed\r\n");
    }

    @Test
    void shouldLetADispatcherTakeOverACall() {
        String ports = call.run(Commands.offer("a"));

        assertThat(client.send(Commands.offer("a")).received()).isEqualTo(ports);
        assertThat(client.send(Commands.remove("a")).received()).isEqualTo("removed\r\n");
        assertThat(call.relay.sessions()).isEmpty();
        assertThat(call.run(Commands.remove("a"))).isEqualTo("error\r\n");
    }

    @Test
    void shouldReportTheEndOfASessionOnlyToItsCreator() {
        call.run(Commands.offer("a"));
        client.send(Commands.offer("a") + Commands.answer("a")).received();
        pass(Duration.ofSeconds(90));

        assertThat(call.relay.sessions()).isEmpty();
        assertThat(sipServer.receivedWithoutIds()).containsExactly(endDialog("1:2"));
        assertThat(otherSipServer.received()).isEmpty();
    }

    @Test
    void shouldReportTheEndOfASessionToItsCreatorAfterARestart() {
        call.run(Commands.offer("a"));
        call.run(Commands.answer("a"));
        call.dispatcher.restart();
        call.run(Commands.answer("a"));
        pass(Duration.ofSeconds(90));

        assertThat(sipServer.receivedWithoutIds()).containsExactly(endDialog("1:2"));
    }

    @Test
    void shouldKeepTheOtherDispatcherWhenOneCloses() {
        client.send(Commands.offer("a") + Commands.answer("a")).received();
        call.dispatcher.close();
        call.clock.advance(Duration.ofSeconds(90));
        other.expireNow();

        assertThat(otherSipServer.receivedWithoutIds()).containsExactly(endDialog("1:2"));
    }
}

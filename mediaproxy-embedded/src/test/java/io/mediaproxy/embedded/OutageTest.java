package io.mediaproxy.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mediaproxy.embedded.report.Fault;
import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Faults of the whole dispatcher: restarts, stalls, overload, a lost relay, a lost socket file. */
class OutageTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final CallFixture call = new CallFixture();

    @AfterEach
    void close() {
        call.close();
    }

    private static String offerFor(EmbeddedRelay relay, String callId) {
        return Commands.offer(callId).replace("media_relay: \r\n", "media_relay: " + relay.address() + "\r\n");
    }

    @Test
    void shouldForgetItsCallsWhenItRestarts() {
        String ports = call.run(Commands.offer("c"));
        call.dispatcher.restart();

        assertThat(call.run(Commands.remove("c"))).isEqualTo("error\r\n");
        assertThat(call.relay.sessions()).hasSize(1);

        assertThat(call.run(offerFor(call.relay, "c"))).isEqualTo(ports);
        assertThat(call.run(Commands.remove("c"))).isEqualTo("removed\r\n");
        assertThat(call.relay.sessions()).isEmpty();
    }

    @Test
    void shouldFindTheRelayOfACallAfterARestart() {
        try (EmbeddedRelay other =
                EmbeddedRelay.builder().bindAddress("127.9.9.9").start()) {
            call.dispatcher.connect(other);
            for (int i = 0; i < 20; i++) {
                String ports = call.run(offerFor(other, "c" + i));
                call.dispatcher.restart();
                assertThat(call.run(offerFor(other, "c" + i))).isEqualTo(ports);
            }
            assertThat(other.sessions()).hasSize(20);
            assertThat(call.relay.sessions()).isEmpty();
        }
    }

    @Test
    void shouldReplyErrorUntilItsRelaysAreBack() {
        call.dispatcher.restart(SECOND);

        assertThat(call.run(Commands.offer("c"))).isEqualTo("error\r\n");
        call.pass(SECOND);
        assertThat(call.run(Commands.offer("c"))).startsWith("127.0.0.1 ");
    }

    @Test
    void shouldRestartAfterItsRelayClosed() {
        call.relay.close();
        call.dispatcher.restart();

        assertThat(call.run(Commands.offer("c"))).isEqualTo("error\r\n");
        assertThat(call.dispatcher.counters().liveSessions()).isZero();
    }

    @Test
    void shouldLeaveItsFileAndLoseRepliesWhenItIsKilled() {
        ControlClient client = new ControlClient(call.dispatcher);
        call.dispatcher.inject(new Fault.Delay(SECOND));
        client.send(Commands.offer("c")).received();
        call.dispatcher.kill();
        call.clock.advance(SECOND);

        assertThat(client.received()).isEqualTo(ControlClient.END);
        assertThat(call.relay.sessions()).hasSize(1);
        assertThat(call.dispatcher.socket()).exists();
        assertThatThrownBy(() -> new ControlClient(call.dispatcher)).hasMessageContaining("refused");
        assertThatThrownBy(() -> call.dispatcher.connect(call.relay)).isInstanceOf(IllegalStateException.class);
        client.close();

        call.dispatcher.restart();
        assertThat(call.run(Commands.remove("unknown"))).isEqualTo("error\r\n");
    }

    @Test
    void shouldRemoveItsFileAndDirectoryAfterAKillOrARestart() {
        for (boolean restart : new boolean[] {false, true}) {
            EmbeddedDispatcher dispatcher = EmbeddedDispatcher.start();
            dispatcher.kill();
            if (restart) {
                dispatcher.restart();
            }
            dispatcher.close();
            assertThat(dispatcher.socket().getParent()).doesNotExist();
        }
    }

    @Test
    void shouldUseOtherRelaysWhileTheLinkOfOneIsDown() {
        call.run(Commands.offer("c"));
        try (EmbeddedRelay other =
                EmbeddedRelay.builder().bindAddress("127.9.9.9").start()) {
            call.dispatcher.connect(other);
            call.dispatcher.disconnect(call.relay, SECOND);

            assertThat(call.run(Commands.offer("c"))).isEqualTo("error\r\n");
            assertThat(call.run(Commands.remove("c"))).isEqualTo("error\r\n");
            assertThat(call.run(offerFor(call.relay, "d"))).startsWith("127.9.9.9 ");
            assertThatThrownBy(() -> call.dispatcher.disconnect(EmbeddedRelay.start(), SECOND))
                    .isInstanceOf(IllegalArgumentException.class);

            call.pass(SECOND);
            assertThat(call.run(Commands.remove("c"))).isEqualTo("removed\r\n");
        }
    }

    @Test
    void shouldServeNobodyInAStall() {
        try (ControlClient client = new ControlClient(call.dispatcher)) {
            assertThat(client.send(Commands.remove("a")).received()).isEqualTo("error\r\n");
            call.dispatcher.stall(SECOND);

            try (ControlClient next = new ControlClient(call.dispatcher)) {
                assertThat(client.send(Commands.offer("b")).received()).isEmpty();
                assertThat(next.send(Commands.offer("c")).received()).isEmpty();
                assertThat(call.relay.sessions()).isEmpty();

                call.clock.advance(SECOND);
                assertThat(client.received()).startsWith("127.0.0.1 ");
                assertThat(next.received()).startsWith("127.0.0.1 ");
            }
        }
    }

    @Test
    void shouldDelayRepliesAndTimersInAStall() {
        call.dispatcher.inject(new Fault.Delay(SECOND));
        try (ControlClient client = new ControlClient(call.dispatcher)) {
            assertThat(client.send(Commands.offer("b")).received()).isEmpty();
            call.dispatcher.stall(SECOND.multipliedBy(2));
            call.clock.advance(SECOND);
            assertThat(client.received()).isEmpty();
            call.clock.advance(SECOND);
            assertThat(client.received()).startsWith("127.0.0.1 ");
        }
    }

    @Test
    void shouldReplaceAStallByANewOne() {
        call.dispatcher.stall(SECOND);
        call.dispatcher.stall(SECOND.multipliedBy(2));
        try (ControlClient client = new ControlClient(call.dispatcher)) {
            client.send(Commands.remove("a"));
            call.clock.advance(SECOND);
            assertThat(client.received()).isEmpty();
            call.clock.advance(SECOND);
            assertThat(client.received()).isEqualTo("error\r\n");

            call.dispatcher.stall(SECOND);
            call.dispatcher.stall(Duration.ZERO);
            assertThat(client.send(Commands.remove("a")).received()).isEqualTo("error\r\n");
        }
    }

    @Test
    void shouldHaveRoomForItsBacklogInAStall() throws IOException {
        int backlog = 7;
        List<SocketChannel> waiting = new ArrayList<>();
        try (EmbeddedDispatcher dispatcher =
                EmbeddedDispatcher.builder().backlog(backlog).clock(call.clock).start()) {
            dispatcher.stall(SECOND);
            SocketChannel connected = connect(dispatcher);
            while (connected != null) {
                waiting.add(connected);
                connected = connect(dispatcher);
            }
            assertThat(waiting).hasSize(backlog + 1); // the kernel's count

            call.clock.advance(SECOND);
            dispatcher.expireNow();
            dispatcher.settle();
            assertThat(dispatcher.counters().connections()).isEqualTo(backlog + 1);
        } finally {
            for (SocketChannel channel : waiting) {
                channel.close();
            }
        }
        assertThatThrownBy(() -> EmbeddedDispatcher.builder().backlog(0)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Returns null if the kernel reports that the backlog is full. */
    private static @Nullable SocketChannel connect(EmbeddedDispatcher dispatcher) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.configureBlocking(false);
        try {
            channel.connect(UnixDomainSocketAddress.of(dispatcher.socket()));
            return channel;
        } catch (SocketException e) {
            channel.close();
            assertThat(e).hasMessageContaining("temporarily unavailable"); // EAGAIN
            return null;
        }
    }

    @Test
    void shouldExecuteOneCommandAtATimeWhenSlow() {
        Duration perCommand = Duration.ofMillis(20);
        call.dispatcher.slowDown(perCommand);
        try (ControlClient client = new ControlClient(call.dispatcher)) {
            client.send(Commands.remove("a") + Commands.remove("b") + Commands.remove("c"));
            assertThat(client.received()).isEmpty();
            for (int i = 0; i < 3; i++) {
                call.clock.advance(perCommand);
                assertThat(client.received()).isEqualTo("error\r\n");
                assertThat(client.received()).isEmpty();
            }
            client.send(Commands.remove("a") + Commands.remove("b")).received();
            call.dispatcher.slowDown(Duration.ZERO);
            call.clock.advance(perCommand);
            assertThat(client.received()).isEqualTo("error\r\nerror\r\n");
            assertThat(client.send(Commands.remove("a")).received()).isEqualTo("error\r\n");
        }
    }

    @Test
    void shouldNotAcceptConnectionsWhileCommandsWait() throws IOException {
        Duration perCommand = Duration.ofMillis(20);
        try (EmbeddedDispatcher dispatcher = EmbeddedDispatcher.builder()
                        .backlog(1)
                        .clock(call.clock)
                        .start();
                ControlClient client = new ControlClient(dispatcher)) {
            dispatcher.slowDown(perCommand);
            client.send(Commands.remove("a") + Commands.remove("b")).received();
            connect(dispatcher);
            connect(dispatcher);
            assertThat(connect(dispatcher)).isNull();

            call.clock.advance(perCommand);
            client.received();
            call.clock.advance(perCommand);
            assertThat(client.received()).isEqualTo("error\r\n");
            assertThat(connect(dispatcher)).isNotNull();
        }
    }

    @Test
    void shouldContinueWithoutItsSocketFile() throws IOException {
        try (ControlClient client = new ControlClient(call.dispatcher)) {
            client.received();
            Files.delete(call.dispatcher.socket());

            assertThat(client.send(Commands.offer("c")).received()).startsWith("127.0.0.1 ");
            assertThatThrownBy(() -> new ControlClient(call.dispatcher)).hasMessageContaining("No such file");
            call.dispatcher.restart();
            assertThat(call.run(Commands.offer("c"))).startsWith("127.0.0.1 ");
        }
    }

    @Test
    void shouldTakeOverAPathWhileItsPredecessorCloses(@TempDir Path directory) {
        Path socket = directory.resolve("dispatcher.sock");
        EmbeddedDispatcher.Builder builder =
                EmbeddedDispatcher.builder().socket(socket).relays();
        EmbeddedDispatcher current = builder.start();
        for (int i = 0; i < 200; i++) {
            CompletableFuture<Void> closing = CompletableFuture.runAsync(current::close);
            current = builder.start();
            closing.join();
            try (ControlClient client = new ControlClient(current)) {
                assertThat(client.send(Commands.remove("c")).received()).isEqualTo("error\r\n");
            }
        }
        current.close();
        assertThat(socket).doesNotExist();
    }
}

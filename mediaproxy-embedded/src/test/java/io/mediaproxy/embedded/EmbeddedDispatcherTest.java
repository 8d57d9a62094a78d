package io.mediaproxy.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mediaproxy.embedded.report.DispatcherCounters;
import io.mediaproxy.embedded.report.SessionStatistics;
import io.mediaproxy.testing.ManualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedDispatcherTest {
    private final Path directory;

    EmbeddedDispatcherTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void shouldRemoveItsTemporaryDirectory() {
        EmbeddedDispatcher dispatcher = EmbeddedDispatcher.start();
        Path own = dispatcher.socket().getParent();
        assertThat(dispatcher.socket()).exists();

        dispatcher.close();
        assertThat(own).doesNotExist();
    }

    @Test
    void shouldReplaceAStaleSocketAndRemoveItsOwn() throws IOException {
        Path socket = directory.resolve("dispatcher.sock");
        try (ServerSocketChannel stale = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            stale.bind(UnixDomainSocketAddress.of(socket));
        }
        assertThat(socket).exists();

        try (EmbeddedDispatcher dispatcher =
                        EmbeddedDispatcher.builder().socket(socket).start();
                ControlClient client = new ControlClient(dispatcher)) {
            assertThat(client.send(Commands.offer("c")).received()).startsWith("127.0.0.1 ");
        }
        assertThat(socket).doesNotExist();
    }

    @Test
    void shouldLeaveAFileAloneThatIsNoSocket() throws IOException {
        Path file = Files.writeString(directory.resolve("precious"), "data");

        assertThatThrownBy(() -> EmbeddedDispatcher.builder().socket(file).start())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("precious");
        assertThat(file).hasContent("data");
    }

    @Test
    void shouldRemoveTheSocketWhenItCannotStart() {
        Path socket = directory.resolve("dispatcher.sock");
        EmbeddedDispatcher.Builder builder = EmbeddedDispatcher.builder()
                .socket(socket)
                .relays()
                .clock(() -> {
                    throw new IllegalStateException(Files.exists(socket) ? "bound" : "not bound");
                });

        assertThatThrownBy(builder::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("bound");
        assertThat(socket).doesNotExist();
    }

    @Test
    void shouldRefuseTwoRelaysWithOneAddress() {
        try (EmbeddedRelay one = EmbeddedRelay.start();
                EmbeddedRelay two = EmbeddedRelay.start()) {
            assertThatThrownBy(
                            () -> EmbeddedDispatcher.builder().relays(one, two).start())
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void shouldAnswerACommandInFlightBeforeItCloses() {
        EmbeddedDispatcher dispatcher = EmbeddedDispatcher.start();
        try (ControlClient idle = new ControlClient(dispatcher);
                ControlClient busy = new ControlClient(dispatcher)) {
            idle.received();
            busy.send(Commands.offer("c")).readLine();
            dispatcher.close();

            assertThat(idle.arrived()).isEqualTo(ControlClient.END);
            assertThat(busy.arrived()).isEqualTo(ControlClient.END);
        }
        dispatcher.close();
    }

    @Test
    void shouldReplyTheAdvertisedAddress() {
        try (EmbeddedRelay relay =
                        EmbeddedRelay.builder().advertisedAddress("192.0.2.7").start();
                EmbeddedDispatcher dispatcher =
                        EmbeddedDispatcher.builder().relays(relay).start();
                ControlClient client = new ControlClient(dispatcher)) {
            assertThat(client.send(Commands.offer("c")).received()).startsWith("192.0.2.7 ");
        }
    }

    @Test
    void shouldReleasePortsBeforeItRepliesRemoved() {
        try (CallFixture call = new CallFixture()) {
            for (int i = 0; i < 50; i++) {
                int port = call.ports(Commands.offer("c"))[0];
                assertThat(FreePorts.isFree(port)).isFalse();
                try (ControlClient client = new ControlClient(call.dispatcher)) {
                    assertThat(client.send(Commands.remove("c")).readLine()).isEqualTo("removed\r\n");
                    assertThat(FreePorts.allFree(port, port + 2)).isTrue();
                }
            }
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldCloseAllDescriptors() throws IOException {
        oneRound();
        long before = openDescriptors();
        for (int i = 0; i < 20; i++) {
            oneRound();
        }
        assertThat(openDescriptors()).isLessThanOrEqualTo(before);
    }

    private void oneRound() {
        try (CallFixture call = new CallFixture(directory.resolve("sip-server"));
                ControlClient client = new ControlClient(call.dispatcher)) {
            for (int i = 0; i < 5; i++) {
                client.send(Commands.offer("c" + i)).received();
            }
            client.send(Commands.remove("c0")).received();
        }
    }

    /** Does not count files, since the JVM opens the libraries of its class path on first use. */
    private static long openDescriptors() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.filter(file -> !Files.isRegularFile(file)).count();
        }
    }

    @Test
    void shouldServeManyConnectionsAtOnce() {
        try (EmbeddedDispatcher dispatcher = EmbeddedDispatcher.start()) {
            List<ControlClient> clients = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                clients.add(new ControlClient(dispatcher));
            }
            clients.forEach(client -> client.send(Commands.remove("nobody")));
            assertThat(clients)
                    .allSatisfy(client -> assertThat(client.readLine()).isEqualTo("error\r\n"));
            clients.forEach(ControlClient::close);
            dispatcher.settle();
            assertThat(dispatcher.counters().connections()).isZero();
        }
    }

    @Test
    void shouldServeThousandsOfCommandsFromConcurrentClients() throws InterruptedException {
        int threads = 16;
        int pairs = 250;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try (EmbeddedDispatcher dispatcher = EmbeddedDispatcher.start()) {
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                String name = "call-" + t + "-";
                all.add(CompletableFuture.runAsync(() -> callsInARow(dispatcher, name, pairs), executor));
            }
            all.forEach(CompletableFuture::join);
            dispatcher.settle();

            assertThat(dispatcher.counters()).isEqualTo(new DispatcherCounters(2L * threads * pairs, 0, 0, 0, 0));
        } finally {
            executor.shutdown();
            assertThat(executor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static void callsInARow(EmbeddedDispatcher dispatcher, String name, int count) {
        try (ControlClient client = new ControlClient(dispatcher)) {
            for (int i = 0; i < count; i++) {
                assertThat(client.send(Commands.offer(name + i)).readLine()).matches("127\\.0\\.0\\.1 \\d+\r\n");
                assertThat(client.send(Commands.remove(name + i)).readLine()).isEqualTo("removed\r\n");
            }
        }
    }

    @Test
    void shouldNotReadFromAClientThatDoesNotReadItsReplies() {
        try (CallFixture call = new CallFixture();
                ControlClient client = new ControlClient(call.dispatcher)) {
            String flood = Commands.remove("nobody").repeat(2_000);
            CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 50; i++) {
                    client.send(flood);
                }
            });
            for (int i = 0; i < 100_000; i++) {
                assertThat(client.readLine()).isEqualTo("error\r\n");
            }
            writer.join();
            assertThat(call.dispatcher.counters().errors()).isEqualTo(100_000);
        }
    }

    @Test
    void shouldTryTheNextRelayWhenOneHasNoPorts() {
        int first = FreePorts.pairs(2);
        try (EmbeddedRelay small =
                        EmbeddedRelay.builder().portRange(first, first + 3).start();
                EmbeddedRelay large =
                        EmbeddedRelay.builder().bindAddress("127.9.9.8").start();
                EmbeddedDispatcher dispatcher =
                        EmbeddedDispatcher.builder().relays(small, large).start();
                ControlClient client = new ControlClient(dispatcher)) {
            String wanted = "media_relay: 127.0.0.1\r\n";
            client.send(Commands.offer("a").replace("media_relay: \r\n", wanted));
            assertThat(client.received()).isEqualTo("127.0.0.1 " + (first + 2) + "\r\n");
            client.send(Commands.offer("b").replace("media_relay: \r\n", wanted));
            assertThat(client.received()).startsWith("127.9.9.8 ");
        }
    }

    @Test
    void shouldIdentifyCallsByCallIdAlone() {
        try (CallFixture call = new CallFixture()) {
            String first = Commands.update("request", "c", 1, "ft", "", Commands.AUDIO_OF_CALLER);
            String second = Commands.update("request", "c", 1, "gt", "", Commands.AUDIO_OF_CALLEE);
            int port = call.ports(first)[0];
            int otherPort = call.ports(second)[0];
            assertThat(otherPort).isNotEqualTo(port);
            assertThat(call.relay.sessions())
                    .extracting(SessionStatistics::fromTag)
                    .containsExactly("ft", "gt");

            assertThat(call.run(Commands.remove("c", "ft", ""))).isEqualTo("removed\r\n");
            assertThat(call.run(Commands.remove("c", "gt", ""))).isEqualTo("error\r\n");
            assertThat(call.relay.sessions()).hasSize(1);

            assertThat(call.ports(second)).containsExactly(otherPort);
            assertThat(call.run(Commands.remove("c", "gt", ""))).isEqualTo("removed\r\n");
            assertThat(call.relay.sessions()).isEmpty();
        }
    }

    @Test
    void shouldNotReplyToTheSecondOfTwoRemovesInFlight() {
        try (CallFixture call = new CallFixture();
                ControlClient client = new ControlClient(call.dispatcher)) {
            call.run(Commands.update("request", "c", 1, "ft", "", Commands.AUDIO_OF_CALLER));
            call.run(Commands.update("request", "c", 1, "gt", "", Commands.AUDIO_OF_CALLEE));

            client.send(Commands.remove("c", "ft", "") + Commands.remove("c", "gt", ""));
            assertThat(client.received()).isEqualTo("removed\r\n");
            assertThat(call.relay.sessions()).isEmpty();
        }
    }

    @Test
    void shouldKeepSessionsOnARelayThatOutlivesTheDispatcher() {
        try (CallFixture call = new CallFixture()) {
            String ports = call.run(Commands.offer("c"));
            call.dispatcher.close();
            assertThat(call.relay.sessions()).hasSize(1);

            try (EmbeddedDispatcher next =
                            EmbeddedDispatcher.builder().relays(call.relay).start();
                    ControlClient client = new ControlClient(next)) {
                assertThat(client.send(Commands.remove("c")).received()).isEqualTo("error\r\n");
                assertThat(client.send(Commands.offer("c")).received()).isEqualTo(ports);
                assertThat(client.send(Commands.remove("c")).received()).isEqualTo("removed\r\n");
            }
        }
    }

    @Test
    void shouldEndTimedOutSessionsOnceASecond() {
        ManualClock clock = new ManualClock();
        CompletableFuture<SessionStatistics> ended = new CompletableFuture<>();
        try (EmbeddedRelay relay = EmbeddedRelay.builder().clock(clock).start();
                EmbeddedDispatcher dispatcher = EmbeddedDispatcher.builder()
                        .relays(relay)
                        .sessionListener(ended::complete)
                        .start();
                ControlClient client = new ControlClient(dispatcher)) {
            client.send(Commands.offer("c")).received();
            clock.advance(Duration.ofSeconds(91));

            assertThat(ended.orTimeout(60, TimeUnit.SECONDS).join().callId()).isEqualTo("c");
        }
    }
}

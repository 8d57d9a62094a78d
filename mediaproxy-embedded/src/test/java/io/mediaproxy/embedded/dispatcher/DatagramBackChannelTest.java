package io.mediaproxy.embedded.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.embedded.SipServerSocket;
import io.mediaproxy.testing.ManualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.slf4j.Logger;
import org.slf4j.nop.NOPServiceProvider;

class DatagramBackChannelTest {
    private static final int UNPADDED = 0xab;

    private final Path directory;
    private final Path own;
    private final ManualClock clock = new ManualClock();
    private final Queue<Integer> ids = new ArrayDeque<>();
    private final SipServerSocket sipServer;
    private final BackChannel channel;

    DatagramBackChannelTest(@TempDir Path directory) {
        this.directory = directory;
        own = directory.resolve("opensips.sock");
        Path path = directory.resolve("mi.sock");
        sipServer = new SipServerSocket(path);
        channel = DatagramBackChannel.open(own, path, new Ids(), clock);
    }

    private final class Ids extends Random {
        private static final long serialVersionUID = 1L;

        @Override
        public int nextInt() {
            Integer next = ids.poll();
            return next == null ? super.nextInt() : next;
        }
    }

    @AfterEach
    void close() {
        channel.close();
        sipServer.close();
    }

    private void ask() {
        assertThat(channel.endDialog("1:2")).isTrue();
        assertThat(sipServer.received()).hasSize(1);
        assertThat(channel.unanswered()).isOne();
    }

    @Test
    void shouldWriteTheIdAsUnsignedHexWithoutPadding() {
        ids.addAll(List.of(UNPADDED, -1));
        ask();
        assertThat(sipServer.lastId()).isEqualTo("ab");
        channel.endDialog("3:4");
        sipServer.received();
        assertThat(sipServer.lastId()).isEqualTo("ffffffff");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"jsonrpc\":\"2.0\",\"id\":\"ID\",\"result\":\"OK\"}                          | 0",
                "{\"jsonrpc\": \"2.0\", \"id\": \"ID\", \"result\": null}                       | 0",
                "{\"jsonrpc\": \"2.0\", \"id\": \"ID\", \"error\": {\"code\":404,\"message\":\"no\"}} | 0",
                "{\"jsonrpc\": \"2.0\", \"id\": \"ID\", \"error\": \"x\"}                       | 0",
                "{\"jsonrpc\": \"2.0\", \"id\": \"ID\"}                                         | 0",
                "{\"jsonrpc\": \"2.0\", \"id\": \"zz\", \"result\": \"OK\"}                     | 1",
                "{\"jsonrpc\": \"2.0\", \"id\": 7, \"result\": \"OK\"}                          | 1",
                "{\"jsonrpc\": \"2.0\", \"result\": \"OK\"}                                     | 1",
                "[1]                                                                            | 1",
                "\"ID\"                                                                         | 1",
                "500 internal error                                                             | 1",
                "\u00ff\u00fe{                                                                  | 1",
                "''                                                                             | 1"
            })
    void shouldSurviveAnyAnswer(String answer, int unanswered) {
        ask();
        sipServer.answer(answer.replace("ID", sipServer.lastId()));
        channel.settle();
        assertThat(channel.unanswered()).isEqualTo(unanswered);

        sipServer.answer("{\"id\": \"" + sipServer.lastId() + "\", \"result\": \"again\"}");
        channel.settle();
        assertThat(channel.unanswered()).isZero();
        assertThat(sipServer.received()).isEmpty();
    }

    @Test
    void shouldAcceptAnAnswerFromAnUnboundSocket() {
        ask();
        sipServer.answerFromNowhere("{\"id\": \"" + sipServer.lastId() + "\", \"result\": \"OK\"}");
        channel.settle();
        assertThat(channel.unanswered()).isZero();
    }

    @Test
    void shouldWaitThreeSecondsAndNotRepeat() {
        ask();
        clock.advance(Duration.ofMillis(2_999));
        channel.expireNow();
        assertThat(channel.unanswered()).isOne();
        clock.advance(Duration.ofMillis(1));
        channel.expireNow();
        assertThat(channel.unanswered()).isZero();

        sipServer.answer("{\"id\": \"" + sipServer.lastId() + "\", \"result\": \"late\"}");
        channel.settle();
        assertThat(sipServer.received()).isEmpty();
    }

    @Test
    void shouldTimeEachOfTwoRequestsWithOneId() {
        ids.addAll(List.of(UNPADDED, UNPADDED));
        ask();
        clock.advance(Duration.ofSeconds(2));
        channel.endDialog("3:4");
        clock.advance(Duration.ofSeconds(2));
        channel.expireNow();
        assertThat(channel.unanswered()).isOne();
    }

    @Test
    void shouldReportThatTheSipServerDoesNotListen() {
        sipServer.abandon();
        assertThat(channel.endDialog("1:2")).as("stale").isFalse();
        sipServer.close();
        assertThat(channel.endDialog("1:2")).as("missing").isFalse();
        assertThat(channel.unanswered()).isZero();
    }

    @Test
    void shouldReplaceAStaleSocketAndRemoveItsOwn() {
        channel.close();
        assertThat(own).doesNotExist();
        new SipServerSocket(own).abandon();

        BackChannel next = DatagramBackChannel.open(own, directory.resolve("mi.sock"), new Random(), clock);
        assertThat(next.endDialog("1:2")).isTrue();
        next.close();
        assertThat(own).doesNotExist();
    }

    @Test
    void shouldLeaveAFileAloneThatIsNoSocket() throws IOException {
        Path file = Files.writeString(directory.resolve("precious"), "data");
        assertThatThrownBy(() -> DatagramBackChannel.open(file, own, new Random(), clock))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("precious");
        assertThat(file).hasContent("data");
    }

    @Test
    void shouldLeaveNoFilesIfItCannotStart() {
        Path deep = directory.resolve("d".repeat(120));
        Path another = directory.resolve("another.sock");
        EmbeddedDispatcher.Builder builder = EmbeddedDispatcher.builder()
                .socket(directory.resolve("sub.sock"))
                .openSipsSocket(deep);
        channel.close();

        assertThatThrownBy(builder::start)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(deep.toString());
        assertThatThrownBy(() -> DatagramBackChannel.open(another, deep, new Random(), clock))
                .isInstanceOf(UncheckedIOException.class);
        assertThat(directory).isDirectoryNotContaining(file -> !file.endsWith("mi.sock"));
    }

    @Test
    void shouldRefuseToReplaceTheSipServersSocket() {
        Path listening = directory.resolve("dispatcher.sock");
        assertThatThrownBy(() -> EmbeddedDispatcher.builder()
                        .socket(listening)
                        .openSipsSocket(directory.resolve("x/../opensips.sock"))
                        .start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("opensips.sock");
        assertThatThrownBy(() -> EmbeddedDispatcher.builder()
                        .socket(own)
                        .openSipsSocket(directory.resolve("mi.sock"))
                        .start())
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(listening).doesNotExist();
    }

    @Test
    void shouldRemoveItsDirectoryWithBothSockets() {
        EmbeddedDispatcher dispatcher = EmbeddedDispatcher.builder()
                .openSipsSocket(directory.resolve("mi.sock"))
                .start();
        Path itsDirectory = dispatcher.socket().resolveSibling(".").normalize();
        assertThat(itsDirectory).isDirectoryContaining(file -> file.endsWith("opensips.sock"));
        dispatcher.close();
        assertThat(itsDirectory).doesNotExist();
    }

    @Test
    void shouldLoadJunixsocketOnlyForABackChannel() throws Exception {
        URL[] libraries = Stream.of(EmbeddedDispatcher.class, JsonFactory.class, Logger.class, NOPServiceProvider.class)
                .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
                .toArray(URL[]::new);
        try (URLClassLoader loader = new URLClassLoader(libraries, ClassLoader.getPlatformClassLoader())) {
            assertThatThrownBy(() -> loader.loadClass(AFUNIXSocketAddress.class.getName()))
                    .isInstanceOf(ClassNotFoundException.class);
            Class<?> type = loader.loadClass(EmbeddedDispatcher.class.getName());
            try (AutoCloseable dispatcher =
                    (AutoCloseable) type.getMethod("start").invoke(null)) {
                Object path = type.getMethod("socket").invoke(dispatcher);
                assertThat((Path) path).exists();
            }
            Class<?> user = loader.loadClass(DatagramBackChannel.class.getName());
            assertThatThrownBy(user::getDeclaredFields).isInstanceOf(NoClassDefFoundError.class);
        }
    }
}

package io.mediaproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.mediaproxy.testing.ScriptedDispatcher;
import io.mediaproxy.testing.ScriptedDispatcher.Peer;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.newsclub.net.unix.AFUNIXDatagramSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

class DispatcherClientReconnectTest extends ClientTest {
    private static final Duration RETRY = Duration.ofSeconds(10);

    @Test
    void shouldFailAtOnceDuringTheRetryInterval() throws Exception {
        dispatcher.kill();
        DispatcherClient client = open(config().retryInterval(RETRY));

        DispatcherUnreachableException refused =
                failure(DispatcherUnreachableException.class, update(client, Commands.update("c1")));

        String why = "connection refused: no process listens at " + dispatcher.socket();
        assertThat(refused)
                .hasMessageStartingWith(
                        "no connection to the dispatcher (" + why + "): update of call \"c1\", 0 bytes");
        assertThat(refused.getCause()).isExactlyInstanceOf(IOException.class).hasMessage(why);
        assertThat(refused.isRetrySafe()).isTrue();
        assertThat(context(refused).busy() + context(refused).idle()).isZero();

        dispatcher.listen();
        clock.advance(RETRY.minusNanos(1));
        DispatcherUnreachableException still =
                failure(DispatcherUnreachableException.class, update(client, Commands.update("c2")));
        assertThat(still.getCause()).isSameAs(refused.getCause());
        assertThat(dispatcher.hasNoNewConnection()).isTrue();

        clock.advance(Duration.ofNanos(1));
        CompletableFuture<DispatcherReply> back = update(client, Commands.update("c3"));
        Peer peer = dispatcher.accept();
        assertThat(peer.readCall()).isEqualTo("c3");
        peer.reply(RELAY_LINE);
        assertThat(await(back)).isEqualTo(RELAY);
    }

    @Test
    void shouldReportThatTheSocketDoesNotExist() throws Exception {
        try (ScriptedDispatcher absent = ScriptedDispatcher.absent()) {
            DispatcherClient client = open(absent.config(clock));

            DispatcherUnreachableException unreachable =
                    failure(DispatcherUnreachableException.class, client.remove(Commands.remove("c1")));

            assertThat(unreachable.getCause())
                    .hasMessage("no such socket: " + absent.socket() + "; the dispatcher creates it when it starts");
            assertThat(context(unreachable).socket()).isEqualTo(absent.socket());
        }
    }

    private static @Nullable Throwable whyNoConnection(Path socket) throws Exception {
        try (DispatcherClient client =
                DispatcherClient.open(DispatcherConfig.builder(socket).build())) {
            return Objects.requireNonNull(
                    failure(DispatcherUnreachableException.class, client.remove(Commands.remove("c1")))
                            .getCause());
        }
    }

    @Test
    void shouldReportThatTheDirectoryDoesNotExist(@TempDir Path directory) throws Exception {
        Path socket = directory.resolve("absent/d.sock");

        assertThat(whyNoConnection(socket)).hasMessage("no such socket: " + socket + "; its directory does not exist");
    }

    @Test
    void shouldReportThatTheFileIsNoSocket(@TempDir Path directory) throws Exception {
        Path file = Files.createFile(directory.resolve("d.sock"));

        assertThat(whyNoConnection(file)).hasMessage(file + " is not a socket");
    }

    @Test
    void shouldReportASocketOfDatagrams(@TempDir Path directory) throws Exception {
        Path socket = directory.resolve("d.sock");
        try (AFUNIXDatagramSocket bound = AFUNIXDatagramSocket.newInstance()) {
            bound.bind(AFUNIXSocketAddress.of(socket));

            assertThat(whyNoConnection(socket)).hasMessageContaining("wrong type");
        }
    }

    @Test
    void shouldReportTheUserThatMayNotConnectAndTheOwnerOfTheSocket() {
        String owner = System.getProperty("user.name");
        Path socket = dispatcher.socket();

        IOException denied = ConnectFailure.explained(new BindException("Permission denied"), socket);

        assertThat(denied)
                .isExactlyInstanceOf(IOException.class)
                .hasMessageMatching("permission denied: user " + owner + " may not write to " + socket
                        + ", which belongs to user " + owner + " and group \\S+ \\([-rwx]{9}\\)");
    }

    @Test
    void shouldReportTheDirectoryThatTheUserMayNotEnter(@TempDir Path directory) throws Exception {
        Path closed = Files.createDirectory(directory.resolve("closed"));
        Path socket = Files.createDirectory(closed.resolve("below")).resolve("d.sock");
        Set<PosixFilePermission> before = Files.getPosixFilePermissions(closed);
        Files.setPosixFilePermissions(closed, Set.of());
        try {
            assumeThat(Files.isExecutable(closed)).as("root may enter it").isFalse();

            assertThat(whyNoConnection(socket))
                    .hasMessageStartingWith("permission denied: user " + System.getProperty("user.name")
                            + " may not enter directory " + closed + ", which belongs to user ");
        } finally {
            Files.setPosixFilePermissions(closed, before);
        }
    }

    @Test
    void shouldSendOneProbeAfterTheRetryInterval() throws Exception {
        DispatcherClient client = afterFailedConnect();
        dispatcher.listen();
        clock.advance(RETRY);

        CompletableFuture<DispatcherReply> probe = update(client, Commands.update("c1"));
        CompletableFuture<DispatcherReply> second = update(client, Commands.update("c2"));
        CompletableFuture<DispatcherReply> third = update(client, Commands.update("c3"));
        Peer one = dispatcher.accept();
        assertThat(one.readCall()).isEqualTo("c1");
        assertThat(dispatcher.hasNoNewConnection()).isTrue();
        one.reply(RELAY_LINE);
        await(probe);

        Peer two = dispatcher.accept();
        assertThat(one.readCall()).isEqualTo("c2");
        assertThat(two.readCall()).isEqualTo("c3");
        one.reply(RELAY_LINE);
        two.reply(RELAY_LINE);
        await(second);
        await(third);
    }

    @Test
    void shouldFailTheOtherCommandsIfTheProbeIsLost() throws Exception {
        DispatcherClient client = afterFailedConnect();
        dispatcher.listen();
        clock.advance(RETRY);
        CompletableFuture<DispatcherReply> probe = update(client, Commands.update("c1"));
        CompletableFuture<DispatcherReply> second = update(client, Commands.update("c2"));
        Peer peer = dispatcher.accept();
        int length = peer.readCommand().length();
        peer.close();

        DispatcherUnreachableException lost = failure(DispatcherUnreachableException.class, probe);
        assertThat(context(lost).bytesWritten()).isEqualTo(length);
        assertThat(failure(DispatcherUnreachableException.class, second).isRetrySafe())
                .isTrue();
        failure(DispatcherUnreachableException.class, update(client, Commands.update("c3")));
        assertThat(dispatcher.hasNoNewConnection()).isTrue();
        clock.advance(RETRY);
        CompletableFuture<DispatcherReply> next = update(client, Commands.update("c4"));
        dispatcher.accept().reply("").readCommand();
        client.close();
        failure(DispatcherUnreachableException.class, next);
    }

    @Test
    void shouldSendTheOtherCommandsIfTheProbeOnlyTimesOut() throws Exception {
        DispatcherClient client = afterFailedConnect();
        dispatcher.listen();
        clock.advance(RETRY);
        CompletableFuture<DispatcherReply> probe = update(client, Commands.update("c1"));
        Peer stalled = dispatcher.accept();
        stalled.readCommand();
        clock.advance(Duration.ofMillis(499));
        CompletableFuture<DispatcherReply> second = update(client, Commands.update("c2"));
        clock.advance(Duration.ofMillis(1));
        failure(DispatcherTimeoutException.class, probe);

        Peer peer = dispatcher.accept();
        assertThat(peer.readCall()).isEqualTo("c2");
        peer.reply(RELAY_LINE);
        assertThat(await(second)).isEqualTo(RELAY);
    }

    @Test
    void shouldEndTheRetryIntervalWhenALateReplyArrives() throws Exception {
        DispatcherClient client = open(config().retryInterval(RETRY));
        CompletableFuture<DispatcherReply> late = update(client, Commands.update("late"));
        Peer stalled = dispatcher.accept();
        stalled.readCommand();
        clock.advance(TIMEOUT);
        failure(DispatcherTimeoutException.class, late);
        Path elsewhere = dispatcher.socket().resolveSibling("elsewhere");
        Files.move(dispatcher.socket(), elsewhere);
        failure(DispatcherUnreachableException.class, update(client, Commands.update("c1")));
        Files.move(elsewhere, dispatcher.socket());
        failure(DispatcherUnreachableException.class, update(client, Commands.update("c2")));

        stalled.reply(RELAY_LINE);

        stalled.awaitEnd();
        CompletableFuture<DispatcherReply> back = update(client, Commands.update("c3"));
        Peer peer = dispatcher.accept();
        assertThat(peer.readCall()).isEqualTo("c3");
        peer.reply(RELAY_LINE);
        assertThat(await(back)).isEqualTo(RELAY);
    }

    private DispatcherClient afterFailedConnect() throws Exception {
        dispatcher.kill();
        DispatcherClient client = open(config().retryInterval(RETRY));
        failure(DispatcherUnreachableException.class, update(client, Commands.update("c0")));
        return client;
    }

    @Test
    void shouldReplaceAnIdleConnectionThatTheDispatcherClosed() throws Exception {
        DispatcherClient client = open();
        for (int i = 0; i < 20; i++) {
            CompletableFuture<DispatcherReply> reply = update(client, Commands.update("c" + i));
            Peer peer = dispatcher.accept();
            assertThat(peer.readCall()).isEqualTo("c" + i);
            peer.reply(RELAY_LINE);
            peer.close();
            assertThat(await(reply)).isEqualTo(RELAY);
        }
    }

    @Test
    void shouldReconnectAfterARestartOfAnIdleDispatcher() throws Exception {
        DispatcherClient client = open(config().maxConnections(2));
        CompletableFuture<DispatcherReply> first = update(client, Commands.update("c1"));
        CompletableFuture<DispatcherReply> second = update(client, Commands.update("c2"));
        for (Peer peer : List.of(dispatcher.accept(), dispatcher.accept())) {
            peer.readCommand();
            peer.reply(RELAY_LINE);
        }
        await(first);
        await(second);
        dispatcher.kill();
        dispatcher.listen();

        CompletableFuture<DispatcherReply> third = update(client, Commands.update("c3"));
        Peer peer = dispatcher.accept();
        assertThat(peer.readCall()).isEqualTo("c3");
        peer.reply(RELAY_LINE);
        assertThat(await(third)).isEqualTo(RELAY);
    }

    @Test
    void shouldFailACommandIfItsConnectionEndsBeforeTheReply() throws Exception {
        DispatcherClient client = open();
        for (String partOfReply : new String[] {"", "81.23.228.129", "None\r"}) {
            CompletableFuture<DispatcherReply> reply = update(client, Commands.update("c1"));
            Peer peer = dispatcher.accept();
            int length = peer.readCommand().length();
            peer.reply(partOfReply);
            peer.close();

            DispatcherUnreachableException lost = failure(DispatcherUnreachableException.class, reply);

            assertThat(lost).hasMessageStartingWith("the connection ended before the reply: update of call \"c1\"");
            assertThat(lost.isRetrySafe()).isFalse();
            assertThat(context(lost).bytesWritten()).isEqualTo(length);
        }
    }

    @Test
    void shouldFailACommandIfItsConnectionWasClosedUnread() throws Exception {
        DispatcherClient client = open();
        CompletableFuture<DispatcherReply> reply = update(client, Commands.update("c1"));
        dispatcher.accept().closeUnread();

        DispatcherUnreachableException lost = failure(DispatcherUnreachableException.class, reply);

        assertThat(lost.isRetrySafe()).isFalse();
        completeOneOnANewConnection(client);
    }

    private void completeOneOnANewConnection(DispatcherClient client) throws Exception {
        CompletableFuture<DispatcherReply> reply = update(client, Commands.update("fresh"));
        Peer peer = dispatcher.accept();
        assertThat(peer.readCall()).isEqualTo("fresh");
        peer.reply(RELAY_LINE);
        assertThat(await(reply)).isEqualTo(RELAY);
    }
}

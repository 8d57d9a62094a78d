package io.mediaproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events that a running client meets only by chance. The test acts in place of the I/O thread. */
class CommandLifecycleTest {
    private static final long TIMEOUT_NANOS = Duration.ofMillis(500).toNanos();

    private final DispatcherConfig config =
            DispatcherConfig.builder(Path.of("/nowhere")).maxConnections(2).build();
    private final ClientLoad load = new ClientLoad(100);
    private final List<SocketChannel> peers = new ArrayList<>();
    private final List<DispatcherReply.Endpoints> late = new ArrayList<>();

    private ServerSocketChannel listener;
    private Selector selector;
    private CommandLifecycle lifecycle;
    private boolean refuseConnects;
    private boolean smallBuffers;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(directory.resolve("d.sock")));
        selector = Selector.open();
        lifecycle = new CommandLifecycle(config, new ConnectionPool(this::connect, config, load), load);
    }

    @AfterEach
    void end() throws IOException {
        lifecycle.failAll("closed", 0, null);
        selector.close();
        listener.close();
        for (SocketChannel peer : peers) {
            peer.close();
        }
    }

    private Connection connect() throws IOException {
        if (refuseConnects) {
            throw new SocketException("Connection refused");
        }
        SocketChannel channel = SocketChannel.open(listener.getLocalAddress());
        peers.add(listener.accept());
        if (smallBuffers) {
            channel.setOption(StandardSocketOptions.SO_SNDBUF, 1); // the kernel uses its minimum, about 4 KiB
        }
        return new Connection(channel, selector);
    }

    private CompletableFuture<DispatcherReply> submit(UpdateCommand command, long now) {
        assertThat(load.tryAccept(command, 0)).isTrue();
        PendingCommand pending = new PendingCommand(command, late::add, now, TIMEOUT_NANOS);
        lifecycle.admit(pending);
        lifecycle.dispatch(now);
        complete();
        return pending.future;
    }

    private void complete() {
        lifecycle.collectSettled();
        lifecycle.completeCollected();
    }

    /** Does one round of the I/O thread: waits for sockets and handles them. */
    private void runOneRound(long now) throws IOException {
        assertThat(selector.select(20_000)).isPositive();
        List<SelectionKey> keys = new ArrayList<>(selector.selectedKeys());
        selector.selectedKeys().clear();
        keys.forEach(key -> lifecycle.onReady((Connection) key.attachment(), now));
        lifecycle.dispatch(now);
        complete();
    }

    private String read(int peer) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(10_000);
        peers.get(peer).configureBlocking(false);
        int count = peers.get(peer).read(buffer);
        return new String(buffer.array(), 0, Math.max(0, count), StandardCharsets.US_ASCII);
    }

    private void reply(int peer, String line) throws IOException {
        peers.get(peer).write(ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void shouldRetryOnANewConnectionIfWritingFindsTheIdleOneClosed() throws IOException {
        CompletableFuture<DispatcherReply> one = submit(Commands.update("c1"), 0);
        CompletableFuture<DispatcherReply> two = submit(Commands.update("c2"), 0);
        reply(0, "None\r\n");
        runOneRound(0);
        reply(1, "None\r\n");
        runOneRound(0);
        assertThat(one).isCompleted();
        assertThat(two).isCompleted();
        peers.get(0).close();
        peers.get(1).close();

        // There is no select in between, so that the client cannot know before it writes.
        CompletableFuture<DispatcherReply> three = submit(Commands.update("c3"), 0);

        assertThat(peers).hasSize(3);
        assertThat(read(2)).contains("call_id: c3\r\n");
        reply(2, "None\r\n");
        runOneRound(0);
        assertThat(three).isCompletedWithValue(new DispatcherReply.None());
    }

    @Test
    void shouldFailIfTheDispatcherIsGone() throws IOException {
        CompletableFuture<DispatcherReply> one = submit(Commands.update("c1"), 0);
        reply(0, "None\r\n");
        runOneRound(0);
        assertThat(one).isCompleted();
        peers.get(0).close();
        refuseConnects = true;

        CompletableFuture<DispatcherReply> two = submit(Commands.update("c2"), 0);

        assertThat(two)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        DispatcherUnreachableException.class,
                        e -> assertThat(e.isRetrySafe()).isTrue())
                .withMessageStartingWith(
                        "no connection to the dispatcher (Connection refused): update of call \"c2\", 0 bytes written");
    }

    @Test
    void shouldRetryOnlyOnce() throws IOException {
        lifecycle = new CommandLifecycle(config, new ConnectionPool(this::connectToAClosedPeer, config, load), load);

        CompletableFuture<DispatcherReply> two = submit(Commands.update("c2"), 0);

        assertThat(peers).hasSize(2);
        assertThat(two)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        DispatcherUnreachableException.class,
                        e -> assertThat(e.isRetrySafe()).isTrue())
                .withMessageStartingWith("the connection ended before the reply");
    }

    private Connection connectToAClosedPeer() throws IOException {
        Connection connection = connect();
        peers.get(peers.size() - 1).close();
        return connection;
    }

    private static UpdateCommand large(String callId) {
        MediaStream stream = new MediaStream("audio", "h".repeat(100), 4000, "sendrecv", false);
        UpdateCommand small = Commands.update(callId);
        return UpdateCommand.builder(small.type())
                .dialogId(small.dialogId())
                .callId(callId)
                .cseq(small.cseq())
                .fromUri("f".repeat(256))
                .toUri("t".repeat(256))
                .fromTag("f".repeat(256))
                .toTag("t".repeat(256))
                .userAgent("u".repeat(256))
                .signalingIp("s".repeat(512))
                .media(Collections.nCopies(32, stream))
                .build();
    }

    @Test
    void shouldWriteALargeCommandInPieces() throws IOException {
        smallBuffers = true;
        String expected = new String(Commands.encode(large("c1")), StandardCharsets.US_ASCII);
        CompletableFuture<DispatcherReply> reply = submit(large("c1"), 0);
        StringBuilder received = new StringBuilder(read(0));
        assertThat(received.length()).isBetween(1, expected.length() - 1);

        while (received.length() < expected.length()) {
            runOneRound(0);
            received.append(read(0));
        }

        assertThat(received).hasToString(expected);
        reply(0, "None\r\n");
        runOneRound(0);
        assertThat(reply).isCompletedWithValue(new DispatcherReply.None());
    }

    @Test
    void shouldDropAHalfWrittenCommandAtTheTimeout() throws IOException {
        smallBuffers = true;
        CompletableFuture<DispatcherReply> reply = submit(large("c1"), 0);
        CompletableFuture<DispatcherReply> next = submit(Commands.update("c1"), TIMEOUT_NANOS - 1);
        assertThat(lifecycle.nanosToNextDeadline(0)).isEqualTo(TIMEOUT_NANOS);

        lifecycle.expire(TIMEOUT_NANOS);
        lifecycle.dispatch(TIMEOUT_NANOS);
        complete();

        assertThat(reply)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        DispatcherTimeoutException.class,
                        e -> assertThat(e.context().orElseThrow().bytesWritten())
                                .isBetween(1, Commands.encode(large("c1")).length - 1));
        // The dispatcher forgets an incomplete command. There is no reply to wait for: the next command of the call is
        // sent.
        assertThat(read(1)).contains("call_id: c1\r\n");
        assertThat(next).isNotDone();
        assertThat(lifecycle.nanosToNextDeadline(TIMEOUT_NANOS)).isEqualTo(TIMEOUT_NANOS - 1);
    }

    @Test
    void shouldNotSendACommandAfterItsDeadline() throws IOException {
        CompletableFuture<DispatcherReply> one = submit(Commands.update("c1"), 0);
        CompletableFuture<DispatcherReply> two = submit(Commands.update("c1"), 0);
        assertThat(read(0)).contains("call_id: c1\r\n");
        reply(0, "None\r\n");

        runOneRound(TIMEOUT_NANOS); // accepts a reply at the last moment, but sends no command

        assertThat(one).isCompletedWithValue(new DispatcherReply.None());
        assertThat(two)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        DispatcherTimeoutException.class,
                        e -> assertThat(e.isRetrySafe()).isTrue());
        assertThat(read(0)).isEmpty();
    }

    @Test
    void shouldFailOnAReplyToAHalfWrittenCommand() throws IOException {
        smallBuffers = true;
        CompletableFuture<DispatcherReply> reply = submit(large("c1"), 0);
        reply(0, "error\r\n");
        runOneRound(0);

        assertThat(reply)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(DispatcherProtocolException.class)
                .withMessageStartingWith("dispatcher broke the protocol: reply before the command was complete");
    }

    @Test
    void shouldUseExistingConnectionsIfAnotherIsRefused() throws IOException {
        CompletableFuture<DispatcherReply> one = submit(Commands.update("c1"), 0);
        refuseConnects = true;
        CompletableFuture<DispatcherReply> two = submit(Commands.update("c2"), 0);
        assertThat(two).isNotDone();

        reply(0, "None\r\n");
        runOneRound(0);

        assertThat(one).isCompleted();
        assertThat(read(0)).contains("call_id: c1\r\n").contains("call_id: c2\r\n");
        reply(0, "None\r\n");
        runOneRound(0);
        assertThat(two).isCompleted();
    }

    @Test
    void shouldSortDeadlinesOfCommandsSubmittedOutOfOrder() {
        Deadlines deadlines = new Deadlines();
        PendingCommand last = new PendingCommand(Commands.update("late"), late::add, 30, 0);
        PendingCommand early = new PendingCommand(Commands.update("early"), late::add, 10, 0);
        PendingCommand middle = new PendingCommand(Commands.update("middle"), late::add, 20, 0);
        deadlines.add(last);
        deadlines.add(early);
        deadlines.add(middle);

        List<String> order = new ArrayList<>();
        for (PendingCommand next = deadlines.first(); next != null; next = deadlines.first()) {
            order.add(next.command.callId());
            deadlines.remove(next);
        }

        assertThat(order).containsExactly("early", "middle", "late");
        deadlines.add(middle);
        deadlines.remove(middle);
        assertThat(deadlines.first()).isNull();
    }

    @Test
    void shouldForgetACallAfterItsLastCommand() {
        CallOrder calls = new CallOrder();
        PendingCommand one = new PendingCommand(Commands.update("a"), late::add, 0, 0);
        PendingCommand two = new PendingCommand(Commands.update("a"), late::add, 0, 0);
        PendingCommand three = new PendingCommand(Commands.update("a"), late::add, 0, 0);
        assertThat(calls.join(one)).isTrue();
        assertThat(calls.join(two)).isFalse();
        assertThat(calls.join(three)).isFalse();

        assertThat(calls.leave(three)).isNull();
        assertThat(calls.leave(one)).isSameAs(two);
        assertThat(calls.leave(two)).isNull();
        assertThat(calls.isEmpty()).isTrue();
    }
}

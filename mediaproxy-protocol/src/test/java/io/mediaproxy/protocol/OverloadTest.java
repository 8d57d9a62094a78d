package io.mediaproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A dispatcher that executes one command at a time, slowly, and twice the load that it can carry. The test acts in
 * place of the I/O thread and of the dispatcher, so that the time is its own.
 */
class OverloadTest {
    private static final long MILLI = 1_000_000;

    private final DispatcherConfig config =
            DispatcherConfig.builder(Path.of("/nowhere")).build();
    private final ClientLoad load = new ClientLoad(config.queueCapacity());
    private final List<SocketChannel> peers = new ArrayList<>();
    /** Where to send the replies to commands that the dispatcher received. */
    private final Deque<Received> received = new ArrayDeque<>();

    private final PriorityQueue<Step> steps = new PriorityQueue<>((a, b) -> Long.compare(a.at, b.at));
    private final ByteBuffer buffer = ByteBuffer.allocate(10_000);

    private ServerSocketChannel listener;
    private Selector selector;
    private CommandLifecycle lifecycle;
    private long now;
    private int calls;

    private long millisPerCommand;
    private boolean stalled;
    private @Nullable Received serving;
    private long servedAt;

    private int refused;
    private int failedOffers;
    private int succeeded;
    private int othersFailed;
    /** Of the others. */
    private int answersFailed;

    private record Received(SocketChannel peer, boolean isRemove) {}

    private record Step(long at, Runnable action) {}

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(directory.resolve("d.sock")));
        selector = Selector.open();
        lifecycle = new CommandLifecycle(config, new ConnectionPool(this::connect, config, load), load);
    }

    @AfterEach
    void end() throws IOException {
        lifecycle.failAll("closed", now, null);
        selector.close();
        listener.close();
        for (SocketChannel peer : peers) {
            peer.close();
        }
    }

    private Connection connect() throws IOException {
        SocketChannel channel = SocketChannel.open(listener.getLocalAddress());
        SocketChannel peer = listener.accept();
        peer.configureBlocking(false);
        peers.add(peer);
        return new Connection(channel, selector);
    }

    private CompletableFuture<DispatcherReply> submit(DispatcherCommand command) {
        if (!load.tryAccept(command, now)) {
            return CompletableFuture.failedFuture(new QueueFullException(
                    load.limitOf(command), CommandContext.of(command, Duration.ZERO, 0, config, load)));
        }
        PendingCommand pending = new PendingCommand(
                command, endpoints -> {}, now, config.timeout().toNanos());
        lifecycle.admit(pending);
        lifecycle.dispatch(now);
        return pending.future;
    }

    /** An offer; if it gets a relay, an answer 200 ms later and the end of the call after a second. */
    private void call() {
        String callId = "call-" + calls++;
        CompletableFuture<Void> unused = submit(Commands.update(callId)).handle((reply, failure) -> {
            if (failure instanceof QueueFullException) {
                refused++;
            } else if (failure != null) {
                failedOffers++;
            } else {
                succeeded++;
                steps.add(new Step(now + 200 * MILLI, () -> follow(Commands.answer(callId))));
                steps.add(new Step(now + 1_000 * MILLI, () -> follow(Commands.remove(callId))));
            }
            return null;
        });
    }

    private void follow(DispatcherCommand command) {
        CompletableFuture<Void> unused = submit(command).handle((reply, failure) -> {
            if (failure == null) {
                succeeded++;
            } else {
                othersFailed++;
                if (command instanceof UpdateCommand) {
                    answersFailed++;
                }
            }
            return null;
        });
    }

    private void receive() throws IOException {
        for (SocketChannel peer : List.copyOf(peers)) {
            int count = peer.read(buffer.clear());
            if (count > 0) {
                received.addLast(new Received(peer, buffer.get(0) == 'r'));
            } else if (count < 0) {
                peer.close();
                peers.remove(peer);
            }
        }
    }

    /** Does what is due in one millisecond. */
    private void passMilli() throws IOException {
        now += MILLI;
        for (Step step = steps.peek(); step != null && step.at <= now; step = steps.peek()) {
            steps.remove();
            step.action.run();
        }
        receive();
        if (serving != null && now >= servedAt) {
            String reply = serving.isRemove ? "removed\r\n" : "192.0.2.1 40000\r\n";
            if (serving.peer.isOpen()) {
                serving.peer.write(ByteBuffer.wrap(reply.getBytes(StandardCharsets.US_ASCII)));
            }
            serving = null;
        }
        if (serving == null && !received.isEmpty() && !stalled) {
            serving = received.removeFirst();
            servedAt = now + millisPerCommand * MILLI;
        }
        round();
    }

    private void round() throws IOException {
        List<SelectionKey> keys = new ArrayList<>();
        selector.selectNow(keys::add);
        for (SelectionKey key : keys) {
            lifecycle.onReady((Connection) key.attachment(), now);
            lifecycle.dispatch(now);
        }
        lifecycle.expire(now);
        lifecycle.dispatch(now);
        lifecycle.collectSettled();
        lifecycle.completeCollected();
    }

    /** Passes time under a load, as a multiple of what the dispatcher can carry. A call has three commands. */
    private void run(Duration duration, double loadFactor) throws IOException {
        double nanosPerCall = 3 * millisPerCommand * MILLI / loadFactor;
        long end = now + duration.toNanos();
        double next = now;
        while (now < end) {
            for (; next <= now; next += nanosPerCall) {
                call();
            }
            passMilli();
        }
    }

    private void forgetCounts() {
        refused = 0;
        failedOffers = 0;
        succeeded = 0;
        othersFailed = 0;
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 10, 20})
    void shouldAnswerAllThatTheDispatcherCanAndRefuseTheRestAtOnce(int millis) throws IOException {
        millisPerCommand = millis;
        run(Duration.ofSeconds(3), 2);
        forgetCounts();

        run(Duration.ofSeconds(20), 2);

        assertThat(failedOffers).as("offers that timed out").isZero();
        assertThat(othersFailed).as("answers and removals that failed").isZero();
        assertThat(succeeded).as("commands with a reply").isGreaterThan(20_000 / millis * 9 / 10);
        assertThat(refused).as("offers refused at once").isPositive();
        run(Duration.ofSeconds(1), 0.8);
        forgetCounts();
        run(Duration.ofSeconds(10), 0.8);
        assertThat(refused + failedOffers + othersFailed)
                .as("failures a second after the overload")
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 10, 20})
    void shouldAnswerTheCallsInProgressWhileAnOverloadBegins(int millis) throws IOException {
        millisPerCommand = millis;

        run(Duration.ofSeconds(3), 4);

        assertThat(failedOffers + refused).as("offers without a relay").isPositive();
        assertThat(answersFailed).as("answers without a relay").isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 10, 20})
    void shouldRecoverFromAStallWithinASecond(int millis) throws IOException {
        millisPerCommand = millis;
        run(Duration.ofSeconds(3), 0.8);
        stalled = true;
        run(Duration.ofSeconds(5), 2);
        stalled = false;

        run(Duration.ofSeconds(1), 2);

        forgetCounts();
        run(Duration.ofSeconds(10), 2);
        assertThat(failedOffers).as("offers that timed out").isZero();
        assertThat(othersFailed).as("answers and removals that failed").isZero();
        assertThat(succeeded).as("commands with a reply").isGreaterThan(10_000 / millis * 9 / 10);
    }
}

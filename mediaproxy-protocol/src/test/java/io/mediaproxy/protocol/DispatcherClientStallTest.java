package io.mediaproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.testing.ScriptedDispatcher.Peer;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The dispatcher stops for a while: it neither accepts nor reads. Its listener keeps 50 connections meanwhile. */
class DispatcherClientStallTest extends ClientTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    /** A third of the backlog, as other clients need their part. */
    private static final int FEW = 16;

    private final Deque<CompletableFuture<DispatcherReply>> submitted = new ArrayDeque<>();
    private final AtomicInteger executed = new AtomicInteger();
    private int calls;

    private CompletableFuture<DispatcherReply> call(DispatcherClient client) {
        return update(client, Commands.update("call-" + calls++));
    }

    /** Submits calls while the dispatcher stalls, and waits for the failure of each at its timeout. */
    private void stall(DispatcherClient client, int seconds, int rate) throws Exception {
        Duration step = SECOND.dividedBy(rate);
        for (int i = 0; i < seconds * rate; i++) {
            submitted.addLast(call(client));
            clock.advance(step);
            while (submitted.size() > rate / 2 + 1) {
                failure(DispatcherTimeoutException.class, submitted.removeFirst());
            }
        }
    }

    private void continueServing() {
        dispatcher.serve(command -> {
            executed.incrementAndGet();
            return RELAY_LINE;
        });
    }

    @ParameterizedTest
    @CsvSource({"2,30", "2,100", "2,300", "5,30", "5,100", "5,300", "20,30", "20,100", "20,300"})
    void shouldServeNewCallsAsSoonAsTheStallIsOver(int seconds, int rate) throws Exception {
        DispatcherClient client = open();
        CompletableFuture<DispatcherReply> before = call(client);
        dispatcher.accept().reply("").readCommand();
        stall(client, seconds, rate);
        try (SocketChannel other = SocketChannel.open(UnixDomainSocketAddress.of(dispatcher.socket()))) {
            assertThat(other.isConnected()).isTrue(); // there is room for other clients
        }
        failure(DispatcherTimeoutException.class, before);

        continueServing();

        for (int i = 0; i < rate; i++) {
            assertThat(await(call(client))).isEqualTo(RELAY);
        }
        submitted.removeFirst().cancel(false); // at its timeout, or just before it
        submitted.removeFirst().cancel(false);
        for (CompletableFuture<DispatcherReply> waiting : submitted) {
            assertThat(await(waiting)).isEqualTo(RELAY);
        }
        assertThat(executed.get() - rate - submitted.size())
                .as("commands whose callers gave up")
                .isLessThanOrEqualTo(FEW);
    }

    @Test
    void shouldWaitForAListenerWhoseBacklogIsFull() throws Exception {
        List<SocketChannel> others = fillBacklog();
        DispatcherClient client = open();
        CompletableFuture<DispatcherReply> first = call(client);
        clock.advance(TIMEOUT);

        assertThat(failure(DispatcherTimeoutException.class, first)).hasMessageStartingWith("no connection");
        CompletableFuture<DispatcherReply> second = call(client);
        dispatcher.accept(); // makes room
        clock.advance(Duration.ofMillis(20));
        continueServing();

        assertThat(await(second)).isEqualTo(RELAY);
        for (SocketChannel other : others) {
            other.close();
        }
    }

    private List<SocketChannel> fillBacklog() throws IOException {
        List<SocketChannel> others = new ArrayList<>();
        for (int i = 0; i < 51; i++) { // Linux takes one more
            others.add(SocketChannel.open(UnixDomainSocketAddress.of(dispatcher.socket())));
        }
        return others;
    }

    @Test
    void shouldServeOtherCommandsWhileTheDispatcherWaitsForOneRelay() throws Exception {
        DispatcherClient client = open();
        List<CompletableFuture<DispatcherReply>> stalled = new ArrayList<>();
        List<Peer> peers = new ArrayList<>();
        for (int round = 0; round < 10; round++) {
            for (int i = 0; i < 4; i++) {
                stalled.add(call(client));
                peers.add(dispatcher.accept());
                peers.get(peers.size() - 1).readCommand();
            }
            clock.advance(TIMEOUT);
            CompletableFuture<DispatcherReply> other = call(client);
            Peer peer = dispatcher.accept();
            peer.readCommand();
            peer.reply(RELAY_LINE);
            assertThat(await(other)).isEqualTo(RELAY);
            peer.close();
        }

        for (CompletableFuture<DispatcherReply> reply : stalled) {
            failure(DispatcherTimeoutException.class, reply);
        }
        for (Peer peer : peers) {
            peer.reply(RELAY_LINE);
        }
        for (int i = 0; i < stalled.size(); i++) {
            assertThat(lateUpdates.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isNotNull();
        }
    }

    @Test
    void shouldProbeAgainAfterItGaveUpAllLateReplies() throws Exception {
        DispatcherClient client = open(config().lateReplyLimit(Duration.ofSeconds(30)));
        stall(client, 5, 30);
        clock.advance(Duration.ofSeconds(30));
        for (CompletableFuture<DispatcherReply> waiting : submitted) {
            failure(DispatcherTimeoutException.class, waiting);
        }
        submitted.clear();
        CompletableFuture<DispatcherReply> probe = call(client);

        continueServing();

        assertThat(await(probe)).isEqualTo(RELAY);
        assertThat(await(call(client))).isEqualTo(RELAY);
    }
}

package io.mediaproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.testing.ScriptedDispatcher.Peer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The thread of the caller writes a command if a connection is idle, without any other change in behaviour. */
class DispatcherClientHandOverTest extends ClientTest {
    /** Opens two connections, both idle; the second one is used next. */
    private Peer[] connectTwo(DispatcherClient client) throws Exception {
        CompletableFuture<DispatcherReply> one = update(client, Commands.update("one"));
        CompletableFuture<DispatcherReply> two = update(client, Commands.update("two"));
        Peer[] peers = {dispatcher.accept(), dispatcher.accept()};
        assertThat(peers[0].readCall()).isEqualTo("one");
        assertThat(peers[1].readCall()).isEqualTo("two");
        peers[0].reply(RELAY_LINE);
        await(one);
        peers[1].reply(RELAY_LINE);
        await(two);
        return peers;
    }

    @Test
    void shouldWriteOnTheThreadOfTheCallerIfAConnectionIsIdle() throws Exception {
        DispatcherClient client = open(config().maxConnections(2));
        Peer last = connectTwo(client)[1];
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Boolean> blocking = update(client, Commands.update("blocks"))
                .thenApply(reply -> {
                    blocked.countDown();
                    try {
                        return release.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                });
        assertThat(last.readCall()).isEqualTo("blocks");
        last.reply(RELAY_LINE);
        assertThat(blocked.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();

        CompletableFuture<DispatcherReply> next = update(client, Commands.update("next"));

        assertThat(last.readCall()).isEqualTo("next");
        last.reply(RELAY_LINE);
        release.countDown();
        assertThat(await(next)).isEqualTo(RELAY);
        assertThat(blocking.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void shouldKeepTheConnectionIfTheCallerIsInterrupted() throws Exception {
        DispatcherClient client = open(config().maxConnections(2));
        Peer last = connectTwo(client)[1];
        Thread.currentThread().interrupt();

        CompletableFuture<DispatcherReply> reply = update(client, Commands.update("interrupted"));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(last.readCall()).isEqualTo("interrupted");
        last.reply(RELAY_LINE);
        assertThat(await(reply)).isEqualTo(RELAY);
        completeOne(client, last, "again");
    }

    @Test
    void shouldKeepTheOrderOfACallWhileCallersWrite() throws Exception {
        DispatcherClient client = open(config().maxConnections(2));
        Peer[] peers = connectTwo(client);
        CompletableFuture<DispatcherReply> first = update(client, Commands.update("a", "1"));
        CompletableFuture<DispatcherReply> second = update(client, Commands.update("a", "2"));
        CompletableFuture<DispatcherReply> other = update(client, Commands.update("b"));

        assertThat(peers[1].readCommand()).contains("call_id: a\r\ncseq: 1\r\n");
        assertThat(peers[0].readCall()).isEqualTo("b");
        peers[0].reply(RELAY_LINE);
        await(other);
        assertThat(peers[0].isSilent() && peers[1].isSilent()).isTrue();
        peers[1].reply(RELAY_LINE);
        await(first);
        assertThat(peers[1].readCommand()).contains("cseq: 2\r\n");
        peers[1].reply(RELAY_LINE);
        assertThat(await(second)).isEqualTo(RELAY);
    }

    @Test
    void shouldTimeOutACommandWrittenWhileTheThreadSleptWithoutTimeout() throws Exception {
        Semaphore looks = new Semaphore(0);
        String threadName = config().build().threadName();
        NanoClock counting = () -> {
            if (Thread.currentThread().getName().equals(threadName)) {
                looks.release();
            }
            return System.nanoTime();
        };
        DispatcherClient client = open(config().clock(counting).timeout(Duration.ofSeconds(1)));
        CompletableFuture<DispatcherReply> first = update(client, Commands.update("first"));
        Peer peer = dispatcher.accept();
        peer.readCommand();
        looks.drainPermits();
        peer.reply(RELAY_LINE);
        await(first);
        // The thread reads the clock twice for the reply, and again after a timeout without an event.
        assertThat(looks.tryAcquire(3, PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();

        CompletableFuture<DispatcherReply> unanswered = update(client, Commands.update("unanswered"));

        assertThat(peer.readCall()).isEqualTo("unanswered");
        failure(DispatcherTimeoutException.class, unanswered);
    }
}

package io.mediaproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.testing.ScriptedDispatcher;
import io.mediaproxy.testing.ScriptedDispatcher.Peer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DispatcherClientCloseTest extends ClientTest {
    @Test
    void shouldFailPendingCommandsAndEndThreadAndSockets() throws Exception {
        DispatcherConfig.Builder config = config().maxConnections(2);
        DispatcherClient client = open(config);
        CompletableFuture<DispatcherReply> late = update(client, Commands.update("late"));
        Peer aside = dispatcher.accept();
        aside.readCommand();
        clock.advance(TIMEOUT);
        failure(DispatcherTimeoutException.class, late);
        CompletableFuture<DispatcherReply> done = update(client, Commands.update("idle"));
        CompletableFuture<DispatcherReply> inFlight = update(client, Commands.update("a", "1"));
        CompletableFuture<DispatcherReply> behindItsCall = update(client, Commands.update("a", "2"));
        Peer idle = dispatcher.accept();
        Peer busy = dispatcher.accept();
        assertThat(idle.readCall()).isEqualTo("idle");
        int length = busy.readCommand().length();
        CompletableFuture<DispatcherReply> queued = client.remove(Commands.remove("late"));
        idle.reply(RELAY_LINE);
        await(done);

        client.close();
        client.close();

        for (CompletableFuture<DispatcherReply> reply : List.of(inFlight, behindItsCall, queued)) {
            assertThat(reply).isCompletedExceptionally();
            DispatcherUnreachableException closed = failure(DispatcherUnreachableException.class, reply);
            assertThat(closed).hasMessageStartingWith("the client was closed before the reply: ");
            assertThat(context(closed).bytesWritten()).isEqualTo(reply == inFlight ? length : 0);
        }
        for (Peer peer : List.of(aside, idle, busy)) {
            peer.awaitEnd();
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain(config.build().threadName());
        assertThat(lateUpdates).isEmpty();
    }

    @Test
    void shouldRefuseCommandsAfterClosing() throws Exception {
        DispatcherClient client = open();
        client.close();

        for (CompletableFuture<DispatcherReply> reply :
                List.of(update(client, Commands.update("c1")), client.remove(Commands.remove("c1")))) {
            ClientClosedException refused = failure(ClientClosedException.class, reply);
            assertThat(refused).hasMessageStartingWith("the client is closed: ");
            assertThat(refused.isRetrySafe()).isTrue();
        }
        assertThat(dispatcher.hasNoNewConnection()).isTrue();
    }

    @Test
    void shouldCloseFromAContinuation() throws Exception {
        DispatcherClient client = open();
        CompletableFuture<String> closer = update(client, Commands.update("c1")).thenApply(reply -> {
            client.close();
            return Thread.currentThread().getName();
        });
        CompletableFuture<DispatcherReply> other = update(client, Commands.update("c2"));
        Peer peer = dispatcher.accept();
        assertThat(peer.readCall()).isEqualTo("c1");
        assertThat(dispatcher.accept().readCall()).isEqualTo("c2");
        peer.reply(RELAY_LINE);

        assertThat(closer.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).startsWith("client-of-");
        failure(DispatcherUnreachableException.class, other);
        peer.awaitEnd();
    }

    @Test
    void shouldCompleteEveryFutureWheneverItIsClosed() throws Exception {
        for (int round = 0; round < 50; round++) {
            try (ScriptedDispatcher other = ScriptedDispatcher.listening()) {
                DispatcherClient client =
                        DispatcherClient.open(other.config(clock).build());
                CompletableFuture<Void> closing = CompletableFuture.runAsync(client::close);
                List<CompletableFuture<DispatcherReply>> replies = List.of(
                        update(client, Commands.update("c1")),
                        update(client, Commands.update("c1")),
                        update(client, Commands.update("c2")));
                closing.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                for (CompletableFuture<DispatcherReply> reply : replies) {
                    failure(MediaProxyException.class, reply);
                }
            }
        }
    }

    @Test
    void shouldKeepTheInterruptOfTheCaller() {
        DispatcherClient client = open();
        Thread.currentThread().interrupt();

        client.close();

        assertThat(Thread.interrupted()).isTrue();
    }

    /** A continuation must not do that, but a server has to end even if one does. */
    private Thread closeWhileAContinuationWaits(DispatcherClient client, CompletableFuture<Void> waited)
            throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CompletableFuture<Void> blocking = update(client, Commands.update("blocks"))
                .thenAccept(reply -> {
                    blocked.countDown();
                    waitForever();
                });
        CompletableFuture<Void> unused = blocking.whenComplete((nothing, failure) -> waited.complete(null));
        Peer peer = dispatcher.accept();
        peer.readCommand();
        peer.reply(RELAY_LINE);
        assertThat(blocked.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        Thread closer = new Thread(client::close, "closer");
        closer.start();
        return closer;
    }

    private static void waitForever() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new CompletionException(e);
        }
    }

    @Test
    void shouldReturnAlthoughAContinuationWaits() throws Exception {
        DispatcherClient client = open();
        CompletableFuture<Void> waited = new CompletableFuture<>();

        Thread closer = closeWhileAContinuationWaits(client, waited);
        CompletableFuture<DispatcherReply> refused = client.remove(Commands.remove("refused"));

        closer.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        assertThat(closer.isAlive()).isFalse();
        waited.get(PATIENCE_SECONDS, TimeUnit.SECONDS); // it was interrupted, and the thread does the rest
        failure(MediaProxyException.class, refused);
    }

    @Test
    void shouldReturnAtOnceIfTheCallerIsInterrupted() throws Exception {
        DispatcherClient client = open();
        CompletableFuture<Void> waited = new CompletableFuture<>();
        Thread closer = closeWhileAContinuationWaits(client, waited);

        closer.interrupt();

        closer.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        assertThat(closer.isAlive()).isFalse();
        assertThat(waited).isNotDone();
        client.close();
        waited.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}

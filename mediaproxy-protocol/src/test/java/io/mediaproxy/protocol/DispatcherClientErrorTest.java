package io.mediaproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mediaproxy.testing.ScriptedDispatcher.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** An Error costs the commands in hand; the client continues. */
class DispatcherClientErrorTest extends ClientTest {
    private final Error error = new OutOfMemoryError("thrown by a test");
    /** Looks at the clock until the one that throws; negative if none does. */
    private final AtomicInteger looks = new AtomicInteger(-1);

    private volatile String failingThread = config().build().threadName();

    private final NanoClock failing = new NanoClock() {
        @Override
        public long nanoTime() {
            if (Thread.currentThread().getName().equals(failingThread) && looks.decrementAndGet() == 0) {
                throw error;
            }
            return clock.nanoTime();
        }

        @Override
        public void onJump(Runnable wakeUp) {
            clock.onJump(wakeUp);
        }
    };

    private void shouldFailBecauseOfTheError(CompletableFuture<DispatcherReply> reply) throws Exception {
        assertThat(failure(DispatcherUnreachableException.class, reply))
                .hasMessageStartingWith("the client failed before the reply: ")
                .hasCause(error);
    }

    @Test
    void shouldFailTheCommandsInHandAndContinueAfterAnErrorOnTheClientsThread() throws Exception {
        DispatcherClient client = open(config().clock(failing).maxConnections(1));
        CompletableFuture<DispatcherReply> answered = update(client, Commands.update("a", "1"));
        Peer peer = dispatcher.accept();
        peer.readCommand();
        CompletableFuture<DispatcherReply> inFlight = update(client, Commands.update("a", "2"));
        CompletableFuture<DispatcherReply> behindItsCall = update(client, Commands.update("a", "3"));
        CompletableFuture<DispatcherReply> queued = client.remove(Commands.remove("b"));
        CompletableFuture<?> armed = answered.thenRun(() -> looks.set(1)); // the next one is before the select

        peer.reply(RELAY_LINE);

        assertThat(await(answered)).isEqualTo(RELAY);
        armed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        for (CompletableFuture<DispatcherReply> reply : List.of(inFlight, behindItsCall, queued)) {
            shouldFailBecauseOfTheError(reply);
        }
        assertThat(peer.readCall()).isEqualTo("b");
        peer.awaitEnd();
        assertThat(client.isOpen()).isTrue();
        CompletableFuture<DispatcherReply> next = update(client, Commands.update("a", "4"));
        Peer second = dispatcher.accept();
        assertThat(second.readCommand()).contains("cseq: 4\r\n");
        second.reply(RELAY_LINE);
        assertThat(await(next)).isEqualTo(RELAY);
        completeOne(client, second, "b");
        client.close();
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void shouldContinueAfterAnErrorOnTheThreadOfACaller() throws Exception {
        failingThread = Thread.currentThread().getName();
        DispatcherClient client = open(config().clock(failing).maxConnections(1));
        CompletableFuture<DispatcherReply> first = update(client, Commands.update("first"));
        Peer peer = dispatcher.accept();
        peer.readCommand();
        peer.reply(RELAY_LINE);
        await(first);
        looks.set(2); // at the submission, and at the write to the idle connection

        CompletableFuture<DispatcherReply> queued = update(client, Commands.update("queued"));
        assertThat(looks).hasValue(0);
        CompletableFuture<DispatcherReply> next = update(client, Commands.update("next"));

        peer.awaitEnd();
        Peer second = dispatcher.accept();
        assertThat(second.readCall()).isEqualTo("queued");
        second.reply(RELAY_LINE);
        assertThat(await(queued)).isEqualTo(RELAY);
        assertThat(second.readCall()).isEqualTo("next");
        second.reply(RELAY_LINE);
        assertThat(await(next)).isEqualTo(RELAY);
    }

    @Test
    void shouldFreeTheQueuePlaceOfACommandForWhichMemoryEnds() throws Exception {
        AtomicInteger failures = new AtomicInteger(3);
        Queue<PendingCommand> submissions = new ConcurrentLinkedQueue<>() {
            @Override
            public boolean add(PendingCommand pending) {
                if (failures.getAndDecrement() > 0) {
                    throw error;
                }
                return super.add(pending);
            }
        };
        try (DispatcherClient client =
                DispatcherClient.open(config().queueCapacity(1).build(), submissions)) {
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> update(client, Commands.update("lost")))
                        .isSameAs(error);
            }

            CompletableFuture<DispatcherReply> next = update(client, Commands.update("next"));

            Peer peer = dispatcher.accept();
            assertThat(peer.readCall()).isEqualTo("next");
            peer.reply(RELAY_LINE);
            assertThat(await(next)).isEqualTo(RELAY);
        }
    }

    private static long openFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }

    @Test
    void shouldLeaveNoFileIfTheClientCannotStart() throws Exception {
        NanoClock broken = new NanoClock() {
            @Override
            public long nanoTime() {
                return 0;
            }

            @Override
            public void onJump(Runnable wakeUp) {
                throw error;
            }
        };
        DispatcherConfig cannotStart = config().clock(broken).build();
        long before = openFiles();
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> DispatcherClient.open(cannotStart)).isSameAs(error);
        }
        assertThat(openFiles()).isLessThan(before + 20);
    }

    @Test
    void shouldCompleteAllCollectedCommandsIfTheListenerOfOneThrowsAnError() throws Exception {
        DispatcherClient client = open(config().maxConnections(2));
        CompletableFuture<DispatcherReply> late = client.update(Commands.update("late"), endpoints -> {
            throw error;
        });
        Peer aside = dispatcher.accept();
        aside.readCommand();
        clock.advance(TIMEOUT);
        failure(DispatcherTimeoutException.class, late);
        CompletableFuture<DispatcherReply> one = update(client, Commands.update("one"));
        CompletableFuture<DispatcherReply> two = update(client, Commands.update("two"));
        Peer[] peers = {dispatcher.accept(), dispatcher.accept()};
        assertThat(peers[0].readCall()).isEqualTo("one");
        assertThat(peers[1].readCall()).isEqualTo("two");
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<?> blocking = one.thenRun(() -> {
            blocked.countDown();
            try {
                assertThat(release.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        peers[0].reply(RELAY_LINE);
        assertThat(blocked.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();

        aside.reply(RELAY_LINE);
        peers[1].reply(RELAY_LINE); // the same round handles both
        release.countDown();

        assertThat(await(two)).isEqualTo(RELAY);
        blocking.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        completeOne(client, peers[1], "next");
    }
}

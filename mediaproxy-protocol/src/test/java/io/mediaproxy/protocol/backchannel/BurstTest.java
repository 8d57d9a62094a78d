package io.mediaproxy.protocol.backchannel;

import static io.mediaproxy.protocol.backchannel.RequestSender.endDialog;
import static io.mediaproxy.protocol.backchannel.RequestSender.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mediaproxy.protocol.log.Log;
import io.mediaproxy.testing.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/** Many requests at once, while the reading thread has no processor. */
class BurstTest extends BackChannelFixture {
    private static final int BURST = 60;

    /** Holds the reading thread at each hand-over. */
    private final Semaphore handOvers = new Semaphore(0);

    private final Semaphore held = new Semaphore(0);

    private void hold() {
        held.release();
        acquire(handOvers);
    }

    private static void acquire(Semaphore semaphore) {
        try {
            assertThat(semaphore.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private int fillTheQueue() throws IOException {
        int accepted = 0;
        while (accepted < BURST && dispatcher.trySend("x")) {
            accepted++;
        }
        return accepted;
    }

    private DatagramReader reader(BackChannelConfig config) throws IOException {
        WatchedSocket watched = WatchedSocket.open(config, BoundSocket.bind(config.socket(), config.permissions()));
        DatagramReader reader = new DatagramReader(
                watched, Log.of(BurstTest.class).counted(Level.WARN, System::nanoTime), (bytes, sender) -> hold());
        Thread thread = new Thread(reader, "reader-of-a-test");
        thread.start();
        closing(() -> {
            reader.close();
            handOvers.release(1_000);
            thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        });
        return reader;
    }

    @Test
    void shouldReadAllRequestsBeforeTheFirstIsHandedOver() throws Exception {
        reader(config().build());
        dispatcher.send("first");
        acquire(held);
        int queue = fillTheQueue();
        assertThat(queue).isPositive();

        handOvers.release();
        acquire(held);

        assertThat(fillTheQueue()).isEqualTo(queue);
    }

    @Test
    void shouldLoseNothingOfTheOnlyDispatcher() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        open(
                config().dispatchers(List.of(directory.resolve("dispatcher.sock")))
                        .clock(() -> {
                            if (Thread.currentThread()
                                    .getName()
                                    .equals(directory.getFileName().toString())) {
                                await(release);
                            }
                            return System.nanoTime();
                        }),
                dialogId -> Optional.of(() -> ended.add(dialogId)));

        Set<String> expected = new HashSet<>();
        for (int i = 0; i < BURST; i++) {
            expected.add(ok("i" + i));
            assertThat(dispatcher.trySend(endDialog("i" + i, "d" + i))).isTrue();
        }
        release.countDown();

        Set<String> answers = new HashSet<>();
        for (int i = 0; i < BURST; i++) {
            answers.add(dispatcher.receive());
            assertThat(nextEnded()).isEqualTo("d" + i);
        }
        assertThat(answers).isEqualTo(expected);
    }

    @Test
    void shouldServeTheOnlyDispatcherAfterItsRestart() throws Exception {
        ManualClock clock = new ManualClock();
        open(
                config().dispatchers(List.of(directory.resolve("dispatcher.sock")))
                        .clock(clock),
                dialogId -> Optional.empty());
        RequestSender stranger = sender("stranger.sock");
        assertThatThrownBy(() -> stranger.trySend("x")).isInstanceOf(IOException.class);

        dispatcher.close();
        Files.delete(directory.resolve("opensips.sock"));
        clock.advance(Duration.ofSeconds(1));
        awaitAccess();
        RequestSender restarted = sender("opensips.sock");
        clock.advance(Duration.ofSeconds(1));

        assertThat(restarted.ask(endDialog("1", "d"))).contains("404");
    }

    /** Any socket may send while there is no dispatcher. */
    private void awaitAccess() {
        long start = System.nanoTime();
        while (!isOpenToStrangers()) {
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS));
            LockSupport.parkNanos(100_000);
        }
    }

    /** With a socket for each attempt, since junixsocket closes one that fails. */
    private boolean isOpenToStrangers() {
        try (RequestSender probe = RequestSender.withoutAddress(socket)) {
            return probe.trySend(endDialog("1", "d"));
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void shouldServeEverySenderIfThereAreSeveralDispatchers() throws Exception {
        open(
                config().dispatchers(List.of(directory.resolve("dispatcher.sock"), directory.resolve("other.sock"))),
                dialogId -> Optional.empty());

        assertThat(dispatcher.ask(endDialog("1", "d"))).contains("404");
        assertThat(sender("stranger.sock").ask(endDialog("1", "d"))).contains("404");
    }
}

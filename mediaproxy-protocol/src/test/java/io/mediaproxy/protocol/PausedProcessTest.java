package io.mediaproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.testing.ManualClock;
import io.mediaproxy.testing.ScriptedDispatcher;
import io.mediaproxy.testing.ScriptedDispatcher.Peer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** This process, or the whole machine, stands still for two seconds. */
@Timeout(60)
class PausedProcessTest extends PoolTest {
    private static final Duration PAUSE = Duration.ofSeconds(2);

    /** Sends calls to the first dispatcher, which replies to none. */
    private List<CompletableFuture<DispatcherReply>> begin(int calls) {
        List<CompletableFuture<DispatcherReply>> replies = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            replies.add(update(pool().newCall(), Commands.update(another(0))));
            received(0);
        }
        return replies;
    }

    private static void allTimedOut(List<CompletableFuture<DispatcherReply>> replies) throws Exception {
        for (CompletableFuture<DispatcherReply> reply : replies) {
            ClientTest.failure(DispatcherTimeoutException.class, reply);
        }
    }

    @Test
    void shouldGiveUpNoDispatcherForTimeoutsThatAPauseCaused() throws Exception {
        open(3);
        replies.set(0, SILENCE);
        List<CompletableFuture<DispatcherReply>> before = begin(2);
        clock.advance(TIMEOUT.dividedBy(5));
        List<CompletableFuture<DispatcherReply>> later = begin(2);

        clock.advance(PAUSE);

        allTimedOut(before);
        allTimedOut(later);
        replies.set(0, RELAY_LINE);
        assertThat(isClosed(0)).isTrue();
    }

    @Test
    void shouldGiveUpADispatcherForTimeoutsAfterAPause() throws Exception {
        open(3);
        replies.set(0, SILENCE);
        List<CompletableFuture<DispatcherReply>> before = begin(1);
        clock.advance(PAUSE);
        allTimedOut(before);

        clock.advance(Duration.ofMillis(1));
        stall(0, 3);

        assertThat(isClosed(0)).isFalse();
    }

    /** A clock that has the thread of the client pause, when it looks at the time after its sleep. */
    private static final class PausingClock implements NanoClock {
        private final ManualClock clock = new ManualClock();
        private final AtomicReference<@Nullable Runnable> pause = new AtomicReference<>();
        private final Thread test = Thread.currentThread();

        @Override
        public long nanoTime() {
            Runnable now = Thread.currentThread() == test ? null : pause.getAndSet(null);
            if (now != null) {
                now.run();
            }
            return clock.nanoTime();
        }

        @Override
        public void onJump(Runnable wakeUp) {
            clock.onJump(wakeUp);
        }
    }

    @Test
    void shouldReadRepliesOfThePauseBeforeItLooksAtDeadlines() throws Exception {
        PausingClock pausing = new PausingClock();
        try (ScriptedDispatcher dispatcher = ScriptedDispatcher.listening();
                DispatcherClient client = DispatcherClient.open(DispatcherConfig.builder(dispatcher.socket())
                        .clock(pausing)
                        .timeout(TIMEOUT)
                        .build())) {
            CompletableFuture<DispatcherReply> reply = client.update(Commands.update("c1"));
            Peer peer = dispatcher.accept();
            peer.readCommand();
            pausing.pause.set(() -> {
                peer.reply(RELAY_LINE);
                pausing.clock.advance(PAUSE);
            });

            pausing.clock.advance(Duration.ofMillis(1)); // wakes the thread

            assertThat(await(reply)).isEqualTo(RELAY);
        }
    }
}

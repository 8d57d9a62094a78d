package io.mediaproxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.protocol.DispatcherConfig;
import io.mediaproxy.protocol.RemoveCommand;
import io.mediaproxy.testing.ScriptedDispatcher;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PendingRemovalsTest {
    private final ScriptedDispatcher dispatcher = ScriptedDispatcher.answering();
    private final Dispatchers dispatchers =
            Dispatchers.open(DispatcherConfig.builder(dispatcher.socket()).build());
    private final Set<String> busyCalls = new HashSet<>();
    private final AtomicLong nanos = new AtomicLong();
    private final PendingRemovals pending =
            new PendingRemovals(dispatchers, busyCalls::contains, Duration.ofDays(1), nanos::get);

    @AfterEach
    void stop() {
        pending.close();
        dispatchers.close();
        dispatcher.close();
    }

    @Test
    void shouldDropARemovalThatIsAnswered() {
        dispatcher.answer("removed\r\n");
        add(removal("a"));
        add(removal("b"));

        pending.retry();

        assertThat(pending.size()).isZero();
        assertThat(dispatcher.commands()).hasSize(2).first().asString().contains("call_id: a\r\n");
    }

    @Test
    void shouldDropARemovalThatIsAnsweredWithError() {
        dispatcher.answer("error\r\n");
        add(removal("a"));

        pending.retry();

        assertThat(pending.size()).isZero();
    }

    @Test
    void shouldContinueTheRoundAfterAFailedRemoval() {
        dispatcher.answer("nonsense\r\n");
        add(removal("a"));
        add(removal("b"));

        pending.retry();

        assertThat(pending.size()).isEqualTo(2);
        assertThat(dispatcher.commands()).hasSize(2);
    }

    @Test
    void shouldKeepAllWhileTheDispatcherIsUnreachable() {
        add(removal("a"));
        add(removal("b"));
        dispatcher.close();

        pending.retry();

        assertThat(pending.size()).isEqualTo(2);
    }

    @Test
    void shouldDistinguishRemovalsOfOneCallIdByTheirTags() {
        dispatcher.answer("removed\r\n");
        add(removal("a"));
        add(new RemoveCommand("a", "carol", "bob"));
        add(removal("a"));

        assertThat(pending.size()).isEqualTo(2);
        pending.retry();
        assertThat(dispatcher.commands()).hasSize(2);
        assertThat(pending.size()).isZero();
    }

    @Test
    void shouldWaitWhileTheCallMayGetASessionAgain() {
        dispatcher.answer("removed\r\n");
        add(removal("a"));
        busyCalls.add("a");

        pending.retry();

        assertThat(pending.size()).isEqualTo(1);
        assertThat(dispatcher.commands()).isEmpty();
    }

    @Test
    void shouldGiveUpAfterTheRelaysTimeout() {
        dispatcher.answer("removed\r\n");
        add(removal("old"));
        nanos.addAndGet(LastUpdate.ON_HOLD.toNanos());
        add(removal("new"));
        nanos.addAndGet(1);

        pending.retry();

        assertThat(pending.size()).isZero();
        assertThat(dispatcher.commands()).singleElement().asString().contains("call_id: new\r\n");
    }

    @Test
    void shouldRefuseRemovalsAboveTheLimit() {
        for (int i = 0; i < PendingRemovals.MAX_REMOVALS; i++) {
            assertThat(add(removal("c" + i))).isTrue();
        }

        assertThat(add(removal("one more"))).isFalse();
        assertThat(pending.size()).isEqualTo(PendingRemovals.MAX_REMOVALS);
    }

    @Test
    void shouldDropQueuedRemovalsWhenTheCallGetsASessionAgain() {
        add(new RemoveCommand("a", "carol", "bob"));
        for (int i = 2; i < PendingRemovals.MAX_REMOVALS; i++) {
            add(removal("c" + i));
        }
        add(removal("a"));

        pending.drop("a");
        pending.drop("of no call");

        assertThat(pending.size()).isEqualTo(PendingRemovals.MAX_REMOVALS - 2);
        assertThat(add(removal("a"))).isTrue();
        assertThat(add(removal("b"))).isTrue();
        assertThat(add(removal("one more"))).isFalse();
    }

    @Test
    @Timeout(60)
    void shouldSendARemovalOnceIfTwoThreadsRetry() throws Exception {
        List<String> removals = new CopyOnWriteArrayList<>();
        CountDownLatch received = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        try (ScriptedDispatcher slow = ScriptedDispatcher.answering(command -> {
                    removals.add(command);
                    received.countDown();
                    try {
                        released.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    return "removed\r\n";
                });
                Dispatchers toSlow = Dispatchers.open(DispatcherConfig.builder(slow.socket())
                        .timeout(Duration.ofSeconds(50))
                        .build());
                PendingRemovals removed =
                        new PendingRemovals(toSlow, callId -> false, Duration.ofDays(1), nanos::get)) {
            removed.add(removal("a"), null, true);
            Thread first = new Thread(removed::retry);
            Thread second = new Thread(removed::retry);
            first.start();
            received.await();
            second.start();
            while (second.getState() != Thread.State.WAITING) { // for the reply to the same removal, or for the first
                Thread.onSpinWait();
            }
            released.countDown();
            first.join();
            second.join();

            assertThat(removals).hasSize(1);
            assertThat(removed.delivered()).isOne();
        }
    }

    @Test
    void shouldRefuseRemovalsOnceClosed() {
        pending.close();

        assertThat(add(removal("a"))).isFalse();
    }

    private boolean add(RemoveCommand command) {
        return pending.add(command, null, false);
    }

    private static RemoveCommand removal(String callId) {
        return new RemoveCommand(callId, "alice", "bob");
    }
}

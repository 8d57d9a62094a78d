package io.mediaproxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.protocol.DispatcherConfig;
import io.mediaproxy.protocol.RemoveCommand;
import io.mediaproxy.testing.ScriptedDispatcher;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PendingRemovalsTest {
    private final ScriptedDispatcher dispatcher = ScriptedDispatcher.answering();
    private final Dispatchers dispatchers =
            Dispatchers.open(DispatcherConfig.builder(dispatcher.socket()).build());
    private final SessionLedger ledger = new SessionLedger();
    private final AtomicLong nanos = new AtomicLong();
    private final PendingRemovals pending = new PendingRemovals(dispatchers, ledger, Duration.ofDays(1), nanos::get);

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
        ledger.updateSent("a");

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
                        new PendingRemovals(toSlow, new SessionLedger(), Duration.ofDays(1), nanos::get)) {
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
    void shouldNotSendARemovalOfACallThatGetsASessionDuringTheRound() {
        try (ScriptedDispatcher first = ScriptedDispatcher.answering(command -> {
                    ledger.updateSent("b");
                    ledger.updateSucceeded("b"); // and its removal is dropped in a moment
                    return "removed\r\n";
                });
                Dispatchers toFirst = Dispatchers.open(
                        DispatcherConfig.builder(first.socket()).build());
                PendingRemovals round = new PendingRemovals(toFirst, ledger, Duration.ofDays(1), nanos::get)) {
            round.add(removal("a"), null, true);
            round.add(removal("b"), null, true);

            round.retry();

            assertThat(round.delivered()).isOne();
            assertThat(round.size()).isOne();
        }
    }

    @Test
    void shouldNotSendARemovalThatIsDroppedDuringTheRound() {
        AtomicReference<PendingRemovals> round = new AtomicReference<>();
        List<String> removals = new CopyOnWriteArrayList<>();
        try (ScriptedDispatcher dropping = ScriptedDispatcher.answering(command -> {
                    removals.add(command);
                    Objects.requireNonNull(round.get()).drop("b");
                    return "removed\r\n";
                });
                Dispatchers toDropping = Dispatchers.open(
                        DispatcherConfig.builder(dropping.socket()).build());
                PendingRemovals removed = new PendingRemovals(toDropping, ledger, Duration.ofDays(1), nanos::get)) {
            round.set(removed);
            removed.add(removal("a"), null, true);
            removed.add(removal("b"), null, true);

            removed.retry();

            assertThat(removals).singleElement().asString().contains("call_id: a\r\n");
            assertThat(removed.size()).isZero();
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

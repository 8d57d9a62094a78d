package io.mediaproxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.protocol.DispatcherClient;
import io.mediaproxy.protocol.DispatcherConfig;
import io.mediaproxy.protocol.RemoveCommand;
import io.mediaproxy.testing.ScriptedDispatcher;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeptRemovalsTest {
    private final ScriptedDispatcher dispatcher = ScriptedDispatcher.answering();
    private final DispatcherClient client =
            DispatcherClient.open(DispatcherConfig.builder(dispatcher.socket()).build());
    private final Set<String> busyCalls = new HashSet<>();
    private final AtomicLong nanos = new AtomicLong();
    private final KeptRemovals kept = new KeptRemovals(client, busyCalls::contains, Duration.ofDays(1), nanos::get);

    @AfterEach
    void stop() {
        kept.close();
        client.close();
        dispatcher.close();
    }

    @Test
    void shouldForgetARemovalOnceItIsAnswered() {
        dispatcher.answer("removed\r\n");
        kept.keep(removal("a"));
        kept.keep(removal("b"));

        kept.retry();

        assertThat(kept.size()).isZero();
        assertThat(dispatcher.commands()).hasSize(2).first().asString().contains("call_id: a\r\n");
    }

    @Test
    void shouldTakeErrorForAnAnswerToo() {
        dispatcher.answer("error\r\n");
        kept.keep(removal("a"));

        kept.retry();

        assertThat(kept.size()).isZero();
    }

    @Test
    void shouldNotHoldUpOthersForOneThatFails() {
        dispatcher.answer("nonsense\r\n");
        kept.keep(removal("a"));
        kept.keep(removal("b"));

        kept.retry();

        assertThat(kept.size()).isEqualTo(2);
        assertThat(dispatcher.commands()).hasSize(2);
    }

    @Test
    void shouldKeepAllWhenNobodyIsThere() {
        kept.keep(removal("a"));
        kept.keep(removal("b"));
        dispatcher.close();

        kept.retry();

        assertThat(kept.size()).isEqualTo(2);
    }

    @Test
    void shouldTellRemovalsOfOneCallIdApartByTheirTags() {
        dispatcher.answer("removed\r\n");
        kept.keep(removal("a"));
        kept.keep(new RemoveCommand("a", "carol", "bob"));
        kept.keep(removal("a"));

        assertThat(kept.size()).isEqualTo(2);
        kept.retry();
        assertThat(dispatcher.commands()).hasSize(2);
        assertThat(kept.size()).isZero();
    }

    @Test
    void shouldWaitWhileTheCallMayBeAboutToHaveASessionAgain() {
        dispatcher.answer("removed\r\n");
        kept.keep(removal("a"));
        busyCalls.add("a");

        kept.retry();

        assertThat(kept.size()).isEqualTo(1);
        assertThat(dispatcher.commands()).isEmpty();
    }

    @Test
    void shouldGiveUpWhenTheRelaysOwnTimeoutHasPassed() {
        dispatcher.answer("removed\r\n");
        kept.keep(removal("old"));
        nanos.addAndGet(KeptRemovals.RELAY_TIMEOUT.toNanos());
        kept.keep(removal("new"));
        nanos.addAndGet(1);

        kept.retry();

        assertThat(kept.size()).isZero();
        assertThat(dispatcher.commands()).singleElement().asString().contains("call_id: new\r\n");
    }

    @Test
    void shouldNotKeepMoreThanItsLimit() {
        for (int i = 0; i < KeptRemovals.MAX_REMOVALS; i++) {
            assertThat(kept.keep(removal("c" + i))).isTrue();
        }

        assertThat(kept.keep(removal("one more"))).isFalse();
        assertThat(kept.size()).isEqualTo(KeptRemovals.MAX_REMOVALS);
    }

    @Test
    void shouldForgetThoseOfACallThatHasASessionAgainAndTakeOthersInTheirPlace() {
        kept.keep(new RemoveCommand("a", "carol", "bob"));
        for (int i = 2; i < KeptRemovals.MAX_REMOVALS; i++) {
            kept.keep(removal("c" + i));
        }
        kept.keep(removal("a"));

        kept.forget("a");
        kept.forget("of no call");

        assertThat(kept.size()).isEqualTo(KeptRemovals.MAX_REMOVALS - 2);
        assertThat(kept.keep(removal("a"))).isTrue();
        assertThat(kept.keep(removal("b"))).isTrue();
        assertThat(kept.keep(removal("one more"))).isFalse();
    }

    @Test
    void shouldKeepNothingOnceItIsClosed() {
        kept.close();

        assertThat(kept.keep(removal("a"))).isFalse();
    }

    private static RemoveCommand removal(String callId) {
        return new RemoveCommand(callId, "alice", "bob");
    }
}

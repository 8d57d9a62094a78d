package io.mediaproxy.session;

import static io.mediaproxy.session.Call.AUDIO;
import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.testing.ManualClock;
import io.mediaproxy.testing.ScriptedDispatcher;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many calls end at once. */
class PacedEndingTest {
    /** More than the client's queue and the kept removals hold together. */
    private static final int CALLS = 12_000;

    private static final int MANY_CALLS = 30_000;
    private static final int IN_FLIGHT = 256;

    private final Set<String> sessions = ConcurrentHashMap.newKeySet();
    private final ManualClock clock = new ManualClock();
    private final ScriptedDispatcher dispatcher = ScriptedDispatcher.answering(this::reply);
    private volatile String failure = "";
    private final MediaProxy mediaProxy = MediaProxy.builder()
            .dispatcherSocket(dispatcher.socket())
            .dispatcher(config ->
                    config.clock(clock).timeout(Duration.ofSeconds(60)).retryInterval(Duration.ofDays(1)))
            .maxEngagedCalls(2 * MANY_CALLS)
            .build();

    private String reply(String command) {
        int start = command.indexOf("call_id: ");
        String callId = command.substring(start, command.indexOf('\r', start));
        if (command.startsWith("update")) {
            sessions.add(callId);
            return "10.1.1.1 20000\r\n";
        }
        return failure.isEmpty() && sessions.remove(callId) ? "removed\r\n" : failure + "\r\n";
    }

    @AfterEach
    void close() {
        mediaProxy.close();
        dispatcher.close();
    }

    @Test
    void shouldRemoveTheSessionsOfAllCallsThatEndAtOnce() throws Exception {
        engageAll(MANY_CALLS);

        mediaProxy.engagedCalls().endAllAsync().get(120, TimeUnit.SECONDS);

        assertThat(sessions).isEmpty();
        assertThat(mediaProxy.engagedCalls().size()).isZero();
        assertThat(mediaProxy.counters().removalsKept()).isZero();
    }

    @Test
    void shouldRemoveTheSessionsOfAllCallsThatAreSilentForTooLong() throws Exception {
        engageAll(CALLS);
        CompletableFuture<Void> ended = new CompletableFuture<>();
        mediaProxy.engagedCalls().onEnded((call, removal) -> {
            if (mediaProxy.engagedCalls().size() == 0) {
                CompletableFuture<?> unused = removal.thenRun(() -> ended.complete(null));
            }
        });
        clock.advance(Duration.ofHours(1));

        PassingTime.of(mediaProxy);

        ended.get(120, TimeUnit.SECONDS);
        assertThat(mediaProxy.counters().removalsKept()).isZero();
        assertThat(mediaProxy.counters().removalsGivenUp()).isZero();
    }

    @Test
    void shouldLetCallsGoOnUntilTheirRemovalHasRoom() throws Exception {
        engageAll(CALLS);
        failure = "nonsense";

        CompletableFuture<Void> ended = mediaProxy.engagedCalls().endAllAsync();

        while (mediaProxy.pendingRemovals() < PendingRemovals.MAX_REMOVALS) {
            Thread.onSpinWait();
        }
        assertThat(ended).isNotDone();
        assertThat(mediaProxy.engagedCalls().size()).isEqualTo(CALLS - PendingRemovals.MAX_REMOVALS);
        failure = "";
        while (!ended.isDone()) {
            PassingTime.of(mediaProxy);
        }
        assertThat(sessions).isEmpty();
        assertThat(mediaProxy.engagedCalls().size()).isZero();
        assertThat(mediaProxy.counters().removalsGivenUp()).isZero();
        assertThat(mediaProxy.counters().removalsDelivered())
                .isEqualTo(mediaProxy.counters().removalsKept());
    }

    @Test
    void shouldCompleteWhenTheServerClosesWithoutADispatcher() throws Exception {
        mediaProxy.engageMediaProxy(new Call("c1").invite(AUDIO));
        dispatcher.close();
        CompletableFuture<Void> ended = mediaProxy.engagedCalls().endAllAsync();

        assertThat(ended).isNotDone();
        mediaProxy.close();
        ended.get(10, TimeUnit.SECONDS);
    }

    private void engageAll(int number) throws InterruptedException {
        Semaphore room = new Semaphore(IN_FLIGHT);
        for (int i = 0; i < number; i++) {
            Call call = new Call("c" + i);
            room.acquire();
            CompletableFuture<?> unused = mediaProxy
                    .engageMediaProxyAsync(call.invite(AUDIO), CallAttributes.NONE)
                    .whenComplete((result, thrown) -> room.release());
        }
        room.acquire(IN_FLIGHT);
        assertThat(sessions).hasSize(number);
        assertThat(mediaProxy.engagedCalls().size()).isEqualTo(number);
    }
}

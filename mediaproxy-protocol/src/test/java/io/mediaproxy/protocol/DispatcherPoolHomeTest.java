package io.mediaproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where the commands of a call go. */
@Timeout(60)
class DispatcherPoolHomeTest extends PoolTest {
    @Test
    void shouldBeTheClientIfThereIsOneDispatcher() throws Exception {
        open(1);
        assertThat(pool().newCall()).isSameAs(pool().newCall());

        assertThat(await(update(pool().newCall(), Commands.update("c1")))).isEqualTo(RELAY);
        assertThat(await(pool().remove(pool().newCall(), Commands.remove("c1"))))
                .isEqualTo(new DispatcherReply.Removed());
        dispatchers.get(0).kill();
        ClientTest.failure(DispatcherUnreachableException.class, update(pool().newCall(), Commands.update("c2")));
        dispatchers.get(0).listen();
        serve(0);
        clock.advance(Duration.ofSeconds(9)); // the client's own interval has not passed
        ClientTest.failure(DispatcherUnreachableException.class, update(pool().newCall(), Commands.update("c2")));
        clock.advance(Duration.ofSeconds(1));
        assertThat(await(update(pool().newCall(), Commands.update("c2")))).isEqualTo(RELAY);
    }

    @Test
    void shouldSendAllCommandsOfACallToItsHome() throws Exception {
        open(3);
        for (int home = 0; home < 3; home++) {
            String callId = callId(home, (home + 1) % 3);
            CallHome call = pool().newCall();
            assertThat(await(update(call, Commands.update(callId)))).isEqualTo(RELAY);
            pool().drain(dispatchers.get(home).socket());
            assertThat(await(update(call, Commands.update(callId, "2")))).isEqualTo(RELAY);
            assertThat(List.copyOf(commands.get(home)).get(1))
                    .as("the home may have been restarted")
                    .contains("media_relay: 81.23.228.129\r\n");
            assertThat(await(pool().remove(call, Commands.remove(callId)))).isEqualTo(new DispatcherReply.Removed());
            pool().undrain(dispatchers.get(home).socket());

            for (String begin : List.of("update\r\n", "update\r\n", "remove\r\n")) {
                assertThat(received(home)).startsWith(begin).contains("call_id: " + callId + "\r\n");
            }
            assertThat(receivedNothing(0, 1, 2)).isTrue();
            assertThat(call.hasMoved()).isFalse();
        }
    }

    @Test
    void shouldSendNewCallsToAnotherDispatcherWhileOneIsDrained() throws Exception {
        open(3);
        String callId = callId(0, 1);
        pool().drain(dispatchers.get(0).socket());
        assertThat(pool().drained()).containsExactly(dispatchers.get(0).socket());

        await(update(pool().newCall(), Commands.update(callId)));

        assertThat(received(1)).contains(callId);
        pool().undrain(dispatchers.get(0).socket());
        assertThat(pool().drained()).isEmpty();
        await(update(pool().newCall(), Commands.update(callId)));
        assertThat(received(0)).contains(callId);
        assertThatThrownBy(() -> pool().drain(Path.of("/other")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/other");
    }

    @Test
    void shouldGoOnToTheNextDispatcherIfNothingWasWritten() throws Exception {
        open(3);
        String callId = callId(0, 2);
        dispatchers.get(0).kill();
        CallHome call = pool().newCall();

        assertThat(await(update(call, Commands.update(callId)))).isEqualTo(RELAY);

        assertThat(received(2)).contains(callId).doesNotContain("media_relay: 8");
        dispatchers.get(0).listen(); // no command finds out
        assertThat(await(update(call, Commands.update(callId, "2")))).isEqualTo(RELAY);
        assertThat(received(2)).contains(callId);
        assertThat(await(update(pool().newCall(), Commands.update(callId)))).isEqualTo(RELAY);
        assertThat(received(2)).contains(callId);
        assertThat(dispatchers.get(0).hasNoNewConnection()).isTrue();
        assertThat(call.hasMoved()).as("its first dispatcher is its home").isFalse();
    }

    @Test
    void shouldBeginACallAtTheNextDispatcherIfTheQueueOfItsOwnIsFull() throws Exception {
        queueCapacity = 1;
        open(3);
        replies.set(0, "late");
        CallHome call = pool().newCall();
        CompletableFuture<DispatcherReply> first = update(call, Commands.update(callId(0, 1)));
        received(0);

        assertThat(await(update(pool().newCall(), Commands.update(another(0))))).isEqualTo(RELAY);

        released.add(RELAY_LINE);
        await(first);
        replies.set(0, "late");
        CompletableFuture<DispatcherReply> second = update(call, Commands.update(callId(0, 1), "2"));
        received(0);
        ClientTest.failure(QueueFullException.class, update(call, Commands.update(callId(0, 1), "3")));
        released.add(RELAY_LINE);
        assertThat(await(second)).as("a call that has a home stays there").isEqualTo(RELAY);
    }

    @Test
    void shouldBeginCallsElsewhereWhileADispatcherIsSilent() throws Exception {
        open(3);
        replies.set(0, "late");
        CompletableFuture<DispatcherReply> first = update(pool().newCall(), Commands.update(callId(0, 1)));
        received(0);
        clock.advance(TIMEOUT.dividedBy(4));

        assertThat(await(update(pool().newCall(), Commands.update(another(0))))).isEqualTo(RELAY);

        assertThat(receivedNothing(0)).isTrue();
        assertThat(pool().load().isBusy()).isFalse();
        pool().drain(dispatchers.get(1).socket());
        pool().drain(dispatchers.get(2).socket());
        clock.advance(TIMEOUT.dividedBy(4));
        assertThat(pool().load().isBusy()).as("no other one is left").isTrue();
        CompletableFuture<DispatcherReply> second = update(pool().newCall(), Commands.update(another(0)));
        received(0);
        released.add(RELAY_LINE);
        released.add(RELAY_LINE);
        assertThat(await(first)).isEqualTo(RELAY);
        assertThat(await(second)).isEqualTo(RELAY);
    }

    @Test
    void shouldTryAtMostTwoDispatchers() throws Exception {
        open(3);
        dispatchers.get(0).kill();
        dispatchers.get(1).kill();

        ClientTest.failure(
                DispatcherUnreachableException.class, update(pool().newCall(), Commands.update(callId(0, 1))));

        assertThat(receivedNothing(2)).isTrue();
        assertThat(await(update(pool().newCall(), Commands.update(callId(0, 1)))))
                .isEqualTo(RELAY);
        assertThat(received(2)).contains("update");
    }

    @Test
    void shouldNotRepeatAnUpdateThatMayHaveRun() throws Exception {
        open(3);
        replies.set(0, SILENCE);

        timeOut(update(pool().newCall(), Commands.update(callId(0, 1))), 0);

        assertThat(receivedNothing(0, 1, 2)).isTrue();
    }

    @Test
    void shouldCompleteAFutureThatItsCallerCancelled() throws Exception {
        open(3);
        replies.set(0, "late");
        CompletableFuture<DispatcherReply> cancelled = update(pool().newCall(), Commands.update(callId(0, 1)));
        received(0);
        cancelled.cancel(false);

        released.add(RELAY_LINE);

        assertThat(late.poll(ClientTest.PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(RELAY);
    }

    /** Has an update of a call time out at its home, and another dispatcher take over. */
    private CallHome moveAwayFromALateUpdate(String callId) throws Exception {
        CallHome call = pool().newCall();
        await(update(call, Commands.update(callId)));
        received(0);
        replies.set(0, "late");
        timeOut(update(call, Commands.update(callId, "2")), 0);
        stall(0, 2);
        assertThat(await(update(call, Commands.update(callId, "3")))).isEqualTo(RELAY);
        assertThat(received(1)).contains("cseq: 3\r\n");
        replies.set(0, RELAY_LINE);
        return call;
    }

    @Test
    void shouldLeaveALateSessionAtTheSameRelayUntilTheCallEnds() throws Exception {
        open(3);
        String callId = callId(0, 1);
        CallHome call = moveAwayFromALateUpdate(callId);

        released.add(RELAY_LINE);

        awaitProbe(0); // the late reply is a sign of life
        assertThat(late).isEmpty();
        assertThat(receivedNothing(0)).isTrue();
        assertThat(await(pool().remove(call, Commands.remove(callId)))).isEqualTo(new DispatcherReply.Removed());
        assertThat(received(0)).startsWith("remove\r\ncall_id: " + callId);
        assertThat(received(1)).startsWith("remove\r\ncall_id: " + callId);
    }

    @Test
    void shouldRemoveALateSessionAtAnotherRelay() throws Exception {
        open(3);
        String callId = callId(0, 1);
        CallHome call = moveAwayFromALateUpdate(callId);

        released.add("10.9.9.9 40000\r\n");

        // The dispatcher is still given up, and the removal stays with the call.
        awaitProbe(0);
        assertThat(late).isEmpty();
        assertThat(await(pool().remove(call, Commands.remove(callId)))).isEqualTo(new DispatcherReply.Removed());
        assertThat(received(0)).startsWith("remove\r\ncall_id: " + callId);
    }

    @Test
    void shouldReportALateSessionIfNoOtherDispatcherTookOver() throws Exception {
        open(3);
        replies.set(0, "late");
        timeOut(update(pool().newCall(), Commands.update(callId(0, 1))), 0);

        released.add(RELAY_LINE);

        assertThat(late.poll(ClientTest.PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(RELAY);
    }

    @Test
    void shouldBeginNoCallIfAllAreDrained() throws Exception {
        open(3);
        dispatchers.forEach(dispatcher -> pool().drain(dispatcher.socket()));

        ClientTest.failure(DispatcherUnreachableException.class, update(pool().newCall(), Commands.update("c1")));

        assertThat(receivedNothing(0, 1, 2)).isTrue();
    }
}

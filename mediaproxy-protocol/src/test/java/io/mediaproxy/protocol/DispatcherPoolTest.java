package io.mediaproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mediaproxy.testing.LogCapture;
import io.mediaproxy.testing.ManualClock;
import io.mediaproxy.testing.ScriptedDispatcher;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Three dispatchers; the clock is moved by hand, and no probe is spread. */
@Timeout(60)
class DispatcherPoolTest {
    private static final Duration TIMEOUT = Duration.ofMillis(500);
    private static final String RELAY_LINE = "81.23.228.129 50000 50004\r\n";
    private static final DispatcherReply RELAY = ClientTest.RELAY;
    /** Sends no reply. */
    private static final String SILENCE = "";

    private final ManualClock clock = new ManualClock();
    private final List<ScriptedDispatcher> dispatchers = new ArrayList<>();
    /** Received by each dispatcher. */
    private final List<BlockingQueue<String>> commands = new ArrayList<>();

    private final AtomicReferenceArray<String> replies =
            new AtomicReferenceArray<>(new String[] {RELAY_LINE, RELAY_LINE, RELAY_LINE});
    /** Replies of a dispatcher whose reply is "late". */
    private final BlockingQueue<String> released = new LinkedBlockingQueue<>();

    private final BlockingQueue<DispatcherReply.Endpoints> late = new LinkedBlockingQueue<>();
    private int calls;
    private Map<String, String> relayAliases = Map.of();
    private @Nullable DispatcherPool pool;

    private DispatcherPool open(int size) {
        List<Dispatcher> members = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            int index = i;
            ScriptedDispatcher dispatcher = ScriptedDispatcher.listening();
            commands.add(new LinkedBlockingQueue<>());
            dispatchers.add(dispatcher);
            serve(index);
            members.add(Dispatcher.at(dispatcher.socket()).weight(1 + i));
        }
        DispatcherConfig config = DispatcherConfig.builder(Path.of("/unused"))
                .clock(clock)
                .timeout(TIMEOUT)
                .build();
        DispatcherPool opened = DispatcherPool.open(config, members, relayAliases, () -> 0.5);
        pool = opened;
        return opened;
    }

    private void serve(int index) {
        dispatchers.get(index).serve(command -> {
            String reply = replies.get(index); // before the test sees the command, and changes it
            commands.get(index).add(command);
            if (command.startsWith("update")) {
                return reply.equals("late") ? take(released) : reply;
            }
            String toRemove = command.contains("call_id: probe-") ? "error\r\n" : "removed\r\n";
            return reply.equals(SILENCE) ? SILENCE : toRemove;
        });
    }

    private static String take(BlockingQueue<String> queue) {
        try {
            String taken = queue.poll(ClientTest.PATIENCE_SECONDS, TimeUnit.SECONDS);
            return taken == null ? SILENCE : taken;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void close() {
        if (pool != null) {
            pool.close();
        }
        dispatchers.forEach(ScriptedDispatcher::close);
    }

    /** Returns a Call-ID that goes to this dispatcher first, and to the other one second. */
    private String callId(int first, int second) {
        for (int i = 0; ; i++) {
            String callId = "call-" + i + "-" + first + second;
            if (scores(callId, first) > scores(callId, second)
                    && scores(callId, second) > scores(callId, 3 - first - second)) {
                return callId;
            }
        }
    }

    /** Returns a new Call-ID that goes to this dispatcher first. */
    private String another(int first) {
        String callId = "another-" + calls++;
        while (scores(callId, first) < Math.max(scores(callId, (first + 1) % 3), scores(callId, (first + 2) % 3))) {
            callId = "another-" + calls++;
        }
        return callId;
    }

    private double scores(String callId, int index) {
        return new RendezvousHash(dispatchers.get(index).socket().toString()).score(callId, 1 + index);
    }

    private CompletableFuture<DispatcherReply> update(CallHome call, UpdateCommand command) {
        return pool().update(call, command, late::add);
    }

    private DispatcherPool pool() {
        return Objects.requireNonNull(pool);
    }

    private static DispatcherReply await(CompletableFuture<DispatcherReply> reply) throws Exception {
        return ClientTest.await(reply);
    }

    private String received(int index) {
        return take(commands.get(index));
    }

    private boolean receivedNothing(int... indexes) {
        for (int index : indexes) {
            if (!commands.get(index).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private void timeOut(CompletableFuture<DispatcherReply> reply, int index) throws Exception {
        received(index);
        clock.advance(TIMEOUT);
        ClientTest.failure(DispatcherTimeoutException.class, reply);
    }

    /** Makes a dispatcher silent, and has calls find out; the third one in a row gives it up. */
    private void stall(int index, int calls) throws Exception {
        replies.set(index, SILENCE);
        for (int i = 0; i < calls; i++) {
            timeOut(update(pool().newCall(), Commands.update(another(index))), index);
        }
    }

    private void completeAll() {
        commands.forEach(BlockingQueue::clear);
    }

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
    void shouldMoveACallWithItsRelayAfterThreeTimeouts() throws Exception {
        relayAliases = Map.of("81.23.228.129", "10.0.0.9");
        open(3);
        String callId = callId(0, 1);
        CallHome call = pool().newCall();
        await(update(call, Commands.update(callId)));
        received(0);
        stall(0, 3);

        assertThat(await(update(call, Commands.update(callId, "2")))).isEqualTo(RELAY);

        assertThat(received(1)).contains("cseq: 2\r\n").contains("media_relay: 10.0.0.9\r\n");
        assertThat(call.hasMoved()).isTrue();
        assertThat(await(update(call, Commands.update(callId, "3")))).isEqualTo(RELAY);
        assertThat(received(1)).contains("cseq: 3\r\n").contains("media_relay: 10.0.0.9\r\n");
        assertThat(receivedNothing(0)).isTrue();
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

    /** Sends commands until the dispatcher was probed. */
    private void awaitProbe(int index) throws Exception {
        String callId = callId((index + 1) % 3, (index + 2) % 3);
        while (commands.get(index).isEmpty()) {
            await(pool().remove(pool().newCall(), Commands.remove(callId)));
        }
        assertThat(received(index)).startsWith("remove\r\ncall_id: probe-");
        commands.get((index + 1) % 3).clear();
        while (!isClosed(index)) {
            await(pool().remove(pool().newCall(), Commands.remove(callId)));
        }
        completeAll();
    }

    /** Returns whether the pool sends commands of calls to a dispatcher. */
    private boolean isClosed(int index) throws Exception {
        CallHome call = pool().newCall();
        call.succeeded(index, RELAY);
        return pool().remove(call, Commands.remove("is-closed"))
                .handle((reply, failure) -> failure == null)
                .get(ClientTest.PATIENCE_SECONDS, TimeUnit.SECONDS);
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
    void shouldNotWaitForADispatcherThatIsGivenUpButRemoveThereLater() throws Exception {
        open(3);
        String callId = callId(0, 1);
        CallHome call = pool().newCall();
        await(update(call, Commands.update(callId)));
        received(0);
        stall(0, 3);
        await(update(call, Commands.update(callId, "2")));
        received(1);

        DispatcherUnreachableException given =
                ClientTest.failure(DispatcherUnreachableException.class, pool().remove(call, Commands.remove(callId)));

        assertThat(given).hasMessageContaining("given up for now");
        assertThat(received(1)).startsWith("remove");
        replies.set(0, RELAY_LINE);
        clock.advance(Duration.ofSeconds(10));
        awaitProbe(0);
        assertThat(await(pool().remove(call, Commands.remove(callId)))).isEqualTo(new DispatcherReply.Removed());
        assertThat(received(0)).startsWith("remove\r\ncall_id: " + callId);
        assertThat(receivedNothing(1)).as("it has no session any more").isTrue();
    }

    @Test
    void shouldFailAtOnceAndProbeEachIfAllAreGivenUp() throws Exception {
        open(3);
        for (int i = 0; i < 3; i++) {
            stall(i, 3);
        }
        completeAll();

        assertThat(ClientTest.failure(
                        DispatcherUnreachableException.class, update(pool().newCall(), Commands.update("c1"))))
                .hasMessageStartingWith(
                        "every dispatcher is given up or drained: update of call \"c1\", 0 bytes written");

        assertThat(receivedNothing(0, 1, 2)).isTrue();
        for (int i = 0; i < 3; i++) {
            replies.set(i, RELAY_LINE);
        }
        clock.advance(Duration.ofSeconds(10));
        CompletableFuture<DispatcherReply> early = update(pool().newCall(), Commands.update("c1"));
        for (int i = 0; i < 3; i++) {
            assertThat(received(i)).startsWith("remove\r\ncall_id: probe-");
        }
        early.cancel(false); // it failed, unless a probe succeeded before
        for (int i = 0; i < 3; i++) {
            while (!isClosed(i)) {
                Thread.onSpinWait();
            }
        }
        assertThat(await(update(pool().newCall(), Commands.update("c2")))).isEqualTo(RELAY);
    }

    @Test
    void shouldBeginNoCallIfAllAreDrained() throws Exception {
        open(3);
        dispatchers.forEach(dispatcher -> pool().drain(dispatcher.socket()));

        ClientTest.failure(DispatcherUnreachableException.class, update(pool().newCall(), Commands.update("c1")));

        assertThat(receivedNothing(0, 1, 2)).isTrue();
    }

    @Test
    void shouldGiveUpNoDispatcherBecauseThePoolIsClosed() throws Exception {
        open(3);
        replies.set(0, SILENCE);
        List<CompletableFuture<DispatcherReply>> pending = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            pending.add(update(pool().newCall(), Commands.update(another(0))));
            received(0);
        }
        try (LogCapture logged = LogCapture.of("io.mediaproxy.protocol.Circuit")) {
            pool().close();

            for (CompletableFuture<DispatcherReply> reply : pending) {
                ClientTest.failure(DispatcherUnreachableException.class, reply);
            }
            assertThat(logged.lines()).isEmpty();
        }
    }

    @Test
    void shouldGiveUpADispatcherThatAnswersErrorWhereAnotherDoesNot() throws Exception {
        open(3);
        replies.set(0, "error\r\n");
        String toA = callId(0, 1);
        for (int i = 0; i < 30; i++) {
            ClientTest.failure(DispatcherErrorException.class, update(pool().newCall(), Commands.update(toA)));
        }
        assertThat(commands.get(0))
                .as("no other dispatcher shows that it is not the phones' fault")
                .hasSize(30);
        for (int i = 0; i < 5; i++) {
            await(update(pool().newCall(), Commands.update(callId(1, 2))));
        }
        ClientTest.failure(DispatcherErrorException.class, update(pool().newCall(), Commands.update(toA)));

        assertThat(await(update(pool().newCall(), Commands.update(toA)))).isEqualTo(RELAY);
    }
}

package io.mediaproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

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

/** Fixture for tests of a pool: up to three dispatchers, and a clock that is moved by hand; no probe is spread. */
abstract class PoolTest {
    static final Duration TIMEOUT = Duration.ofMillis(500);
    static final String RELAY_LINE = "81.23.228.129 50000 50004\r\n";
    static final DispatcherReply RELAY = ClientTest.RELAY;
    /** Sends no reply. */
    static final String SILENCE = "";

    final ManualClock clock = new ManualClock();
    final List<ScriptedDispatcher> dispatchers = new ArrayList<>();
    /** Received by each dispatcher. */
    final List<BlockingQueue<String>> commands = new ArrayList<>();

    final AtomicReferenceArray<String> replies =
            new AtomicReferenceArray<>(new String[] {RELAY_LINE, RELAY_LINE, RELAY_LINE});
    /** Replies of a dispatcher whose reply is "late". */
    final BlockingQueue<String> released = new LinkedBlockingQueue<>();

    final BlockingQueue<DispatcherReply.Endpoints> late = new LinkedBlockingQueue<>();
    int queueCapacity = 1024;
    private int calls;
    Map<String, String> relayAliases = Map.of();
    private @Nullable DispatcherPool pool;

    DispatcherPool open(int size) {
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
                .queueCapacity(queueCapacity)
                .build();
        DispatcherPool opened = DispatcherPool.open(config, members, relayAliases, () -> 0.5);
        pool = opened;
        return opened;
    }

    void serve(int index) {
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

    static String take(BlockingQueue<String> queue) {
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
    String callId(int first, int second) {
        for (int i = 0; ; i++) {
            String callId = "call-" + i + "-" + first + second;
            if (scores(callId, first) > scores(callId, second)
                    && scores(callId, second) > scores(callId, 3 - first - second)) {
                return callId;
            }
        }
    }

    /** Returns a new Call-ID that goes to this dispatcher first. */
    String another(int first) {
        String callId = "another-" + calls++;
        while (scores(callId, first) < Math.max(scores(callId, (first + 1) % 3), scores(callId, (first + 2) % 3))) {
            callId = "another-" + calls++;
        }
        return callId;
    }

    double scores(String callId, int index) {
        return new RendezvousHash(dispatchers.get(index).socket().toString()).score(callId, 1 + index);
    }

    CompletableFuture<DispatcherReply> update(CallHome call, UpdateCommand command) {
        return pool().update(call, command, late::add);
    }

    DispatcherPool pool() {
        return Objects.requireNonNull(pool);
    }

    static DispatcherReply await(CompletableFuture<DispatcherReply> reply) throws Exception {
        return ClientTest.await(reply);
    }

    String received(int index) {
        return take(commands.get(index));
    }

    boolean receivedNothing(int... indexes) {
        for (int index : indexes) {
            if (!commands.get(index).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    void timeOut(CompletableFuture<DispatcherReply> reply, int index) throws Exception {
        received(index);
        clock.advance(TIMEOUT);
        ClientTest.failure(DispatcherTimeoutException.class, reply);
    }

    /** Makes a dispatcher silent, and has calls find out; the third one in a row gives it up. */
    void stall(int index, int calls) throws Exception {
        replies.set(index, SILENCE);
        for (int i = 0; i < calls; i++) {
            timeOut(update(pool().newCall(), Commands.update(another(index))), index);
        }
    }

    /** Waits for the probe of a dispatcher, and for what the pool makes of its reply. */
    void awaitProbe(int index) throws Exception {
        assertThat(received(index)).startsWith("remove\r\ncall_id: probe-");
        while (!isClosed(index)) {
            Thread.onSpinWait();
        }
        commands.get(index).clear();
    }

    /** Returns whether the pool sends commands of calls to a dispatcher. */
    boolean isClosed(int index) throws Exception {
        CallHome call = pool().newCall();
        call.succeeded(index, Commands.update("is-closed"), RELAY);
        return pool().remove(call, Commands.remove("is-closed"))
                .handle((reply, failure) -> failure == null)
                .get(ClientTest.PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Completes one command at a dispatcher, of a call that has its home there. */
    void completeOne(int index) throws Exception {
        assertThat(isClosed(index)).isTrue();
    }
}

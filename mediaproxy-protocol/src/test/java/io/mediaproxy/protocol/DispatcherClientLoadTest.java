package io.mediaproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.testing.ScriptedDispatcher.Peer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DispatcherClientLoadTest extends ClientTest {
    private static final int CALLERS = 16;
    private static final int COMMANDS_PER_CALLER = 250;
    private static final int CONNECTIONS = 4;

    /**
     * Commands of each call that the dispatcher received and did not answer. If the order is kept, there is at most
     * one.
     */
    private final Map<String, AtomicInteger> open = new ConcurrentHashMap<>();

    private final Map<String, Integer> lastCseq = new ConcurrentHashMap<>();

    @Test
    void shouldReturnTheRepliesOfEachCallInOrder() throws Exception {
        DispatcherClient client = open(config().maxConnections(CONNECTIONS).timeout(Duration.ofMinutes(1)));
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                String callId = "call-" + caller;
                running.add(threads.submit(() -> call(client, callId)));
            }
            List<Future<?>> answering = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                Peer peer = dispatcher.accept();
                answering.add(threads.submit(() -> answer(peer)));
            }
            for (Future<?> caller : running) {
                caller.get(60, TimeUnit.SECONDS);
            }
            client.close();
            for (Future<?> peer : answering) {
                peer.get(60, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(lastCseq)
                .hasSize(CALLERS)
                .allSatisfy((call, cseq) -> assertThat(cseq).isEqualTo(COMMANDS_PER_CALLER));
        assertThat(dispatcher.hasNoNewConnection()).isTrue();
    }

    /**
     * Submits bursts of commands of one call without waiting in between. The port of each reply is the CSeq of its
     * command.
     */
    private static @Nullable Void call(DispatcherClient client, String callId) throws Exception {
        int cseq = 0;
        while (cseq < COMMANDS_PER_CALLER) {
            List<CompletableFuture<DispatcherReply>> burst = new ArrayList<>();
            int first = cseq + 1;
            for (int i = 0; i < 5; i++) {
                cseq++;
                burst.add(client.update(Commands.update(callId, Integer.toString(cseq))));
            }
            for (int i = 0; i < burst.size(); i++) {
                assertThat(await(burst.get(i))).isEqualTo(new DispatcherReply.Endpoints("1.2.3.4", List.of(first + i)));
            }
        }
        return null;
    }

    private void answer(Peer peer) {
        for (String command = peer.readCommandOrEnd(); !command.isEmpty(); command = peer.readCommandOrEnd()) {
            String callId = header(command, "call_id: ");
            int cseq = Integer.parseInt(header(command, "cseq: "));
            AtomicInteger openOfCall = open.computeIfAbsent(callId, call -> new AtomicInteger());
            assertThat(openOfCall.incrementAndGet()).isEqualTo(1);
            Integer before = lastCseq.put(callId, cseq);
            assertThat(before == null ? 0 : before).isEqualTo(cseq - 1);
            openOfCall.decrementAndGet();
            peer.reply("1.2.3.4 " + cseq + "\r\n");
        }
    }

    private static String header(String command, String name) {
        int start = command.indexOf(name) + name.length();
        return command.substring(start, command.indexOf('\r', start));
    }

    @Test
    void shouldReportHowFastTheDispatcherAnswersAndHowManyCommandsWait() throws Exception {
        DispatcherClient client = open(config().maxConnections(1));
        assertThat(client.load()).isEqualTo(DispatcherLoad.NONE);
        CompletableFuture<DispatcherReply> first = update(client, Commands.update("first"));
        Peer peer = dispatcher.accept();
        assertThat(peer.readCall()).isEqualTo("first");
        CompletableFuture<DispatcherReply> second = update(client, Commands.update("second"));
        clock.advance(DispatcherLoad.LATE);
        assertThat(client.load()).isEqualTo(new DispatcherLoad(DispatcherLoad.LATE, 1));
        assertThat(client.load().isBusy()).isFalse();
        clock.advance(Duration.ofMillis(1));
        assertThat(client.load().isBusy()).isTrue();

        peer.reply(RELAY_LINE);
        await(first);
        assertThat(peer.readCall()).isEqualTo("second");
        peer.reply(RELAY_LINE);
        await(second);
        assertThat(client.load()).isEqualTo(new DispatcherLoad(Duration.ofMillis(201), 0));
        clock.advance(Duration.ofMillis(101));
        assertThat(client.load()).isEqualTo(DispatcherLoad.NONE);
    }

    @Test
    void shouldReportHowLongOffersWaitAlthoughOthersOvertakeThem() throws Exception {
        DispatcherClient client = open(config().maxConnections(1));
        CompletableFuture<DispatcherReply> first = update(client, Commands.answer("a"));
        Peer peer = dispatcher.accept();
        assertThat(peer.readCall()).isEqualTo("a");
        CompletableFuture<DispatcherReply> offer = update(client, Commands.update("b"));
        CompletableFuture<DispatcherReply> second = update(client, Commands.answer("c"));
        clock.advance(Duration.ofMillis(300));
        peer.reply(RELAY_LINE);
        await(first);
        assertThat(peer.readCall()).isEqualTo("c");
        peer.reply(RELAY_LINE);
        await(second);

        assertThat(peer.readCall()).isEqualTo("b");
        assertThat(client.load().answerTime()).isEqualTo(Duration.ofMillis(300));
        peer.reply(RELAY_LINE);
        await(offer);
        assertThat(client.load().answerTime()).isEqualTo(Duration.ofMillis(300));
        CompletableFuture<DispatcherReply> third = update(client, Commands.answer("d"));
        assertThat(peer.readCall()).isEqualTo("d");
        clock.advance(Duration.ofMillis(200));
        assertThat(client.load().answerTime())
                .as("of an offer that is sent now")
                .isZero();
        peer.reply(RELAY_LINE);
        await(third);
    }
}

package io.mediaproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.testing.LogCapture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which dispatchers are given up, and how they come back. */
@Timeout(60)
class DispatcherPoolCircuitTest extends PoolTest {
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
    void shouldFailAtOnceAndProbeEachIfAllAreGivenUp() throws Exception {
        open(3);
        for (int i = 0; i < 3; i++) {
            stall(i, 3);
        }
        assertThat(ClientTest.failure(
                        DispatcherUnreachableException.class, update(pool().newCall(), Commands.update("c1"))))
                .hasMessageStartingWith(
                        "every dispatcher is given up or drained: update of call \"c1\", 0 bytes written");

        assertThat(receivedNothing(0, 1, 2)).isTrue();
        for (int i = 0; i < 3; i++) {
            replies.set(i, RELAY_LINE);
        }
        clock.advance(Duration.ofSeconds(10));
        for (int i = 0; i < 3; i++) {
            awaitProbe(i);
        }
        assertThat(await(update(pool().newCall(), Commands.update("c2")))).isEqualTo(RELAY);
    }

    @Test
    void shouldProbeAgainAndAgainWithoutAnyCommand() throws Exception {
        open(3);
        stall(0, 3);
        try (LogCapture logged = LogCapture.of("io.mediaproxy.protocol.Circuit")) {
            int failed = 0;
            for (int seconds : new int[] {10, 20, 40, 60, 60}) {
                clock.advance(Duration.ofSeconds(seconds));
                assertThat(received(0)).startsWith("remove\r\ncall_id: probe-");
                clock.advance(TIMEOUT);
                failed++;
                while (logged.lines().size() < failed) { // until the next interval has begun
                    Thread.onSpinWait();
                }
            }
            assertThat(logged.lines()).allMatch(line -> line.contains("failed the probe"));
        }
    }

    @Test
    void shouldLogAnOutageAndItsEndOnce() throws Exception {
        open(3);
        try (LogCapture logged = LogCapture.of("io.mediaproxy.protocol")) {
            dispatchers.get(0).kill();
            await(update(pool().newCall(), Commands.update(callId(0, 1))));
            await(update(pool().newCall(), Commands.update(callId(0, 1))));
            dispatchers.get(0).listen();
            serve(0);
            clock.advance(Duration.ofSeconds(10));
            awaitProbe(0);

            assertThat(logged.lines(Level.INFO))
                    .satisfiesExactly(
                            begin -> assertThat(begin)
                                    .startsWith("WARNING dispatcher "
                                            + dispatchers.get(0).socket())
                                    .contains("connection refused"),
                            end -> assertThat(end).contains("is back after"));
        }
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
}

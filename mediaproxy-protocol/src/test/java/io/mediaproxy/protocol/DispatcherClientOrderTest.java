package io.mediaproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.testing.ScriptedDispatcher.Peer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DispatcherClientOrderTest extends ClientTest {
    @Test
    void shouldSendTheCommandsOfACallOneAfterTheOther() throws Exception {
        DispatcherClient client = open();
        CompletableFuture<DispatcherReply> offer = update(client, Commands.update("a", "1"));
        CompletableFuture<DispatcherReply> answer = update(client, Commands.update("a", "2"));
        CompletableFuture<DispatcherReply> bye = client.remove(Commands.remove("a"));
        CompletableFuture<DispatcherReply> other = update(client, Commands.update("b"));
        Peer one = dispatcher.accept();
        Peer two = dispatcher.accept();
        assertThat(one.readCommand()).contains("call_id: a\r\ncseq: 1\r\n");
        assertThat(two.readCall()).isEqualTo("b");
        assertThat(one.isSilent() && two.isSilent() && dispatcher.hasNoNewConnection())
                .isTrue();

        one.reply(RELAY_LINE);
        await(offer);
        assertThat(one.readCommand()).contains("call_id: a\r\ncseq: 2\r\n");
        two.reply(RELAY_LINE);
        await(other);
        assertThat(two.isSilent()).isTrue();
        one.reply("error\r\n");
        failure(DispatcherErrorException.class, answer);

        // The connection that became idle last is used first.
        assertThat(one.readCommand()).startsWith("remove\r\ncall_id: a\r\n");
        one.reply("removed\r\n");
        assertThat(await(bye)).isEqualTo(new DispatcherReply.Removed());
    }

    @Test
    void shouldSendTheUpdatesOfCallsInProgressBeforeCommandsThatWait() throws Exception {
        DispatcherClient client = open(config().maxConnections(1));
        CompletableFuture<DispatcherReply> first = update(client, Commands.update("a"));
        Peer peer = dispatcher.accept();
        peer.readCommand();
        CompletableFuture<DispatcherReply> offer = update(client, Commands.update("b"));
        CompletableFuture<DispatcherReply> bye = client.remove(Commands.remove("c"));
        CompletableFuture<DispatcherReply> answer = update(client, Commands.answer("d"));
        CompletableFuture<DispatcherReply> answerOfFirst = update(client, Commands.answer("a"));

        peer.reply(RELAY_LINE);
        await(first);

        for (String next : List.of("d", "a", "b")) {
            assertThat(peer.readCall()).isEqualTo(next);
            peer.reply(RELAY_LINE);
        }
        assertThat(List.of(await(answer), await(answerOfFirst), await(offer))).containsOnly(RELAY);
        assertThat(peer.readCommand()).startsWith("remove\r\ncall_id: c\r\n");
        peer.reply("removed\r\n");
        await(bye);
    }

    @Test
    void shouldNotOvertakeACommandThatTimedOutInFlight() throws Exception {
        DispatcherClient client = open();
        CompletableFuture<DispatcherReply> late = update(client, Commands.update("a"));
        Peer slow = dispatcher.accept();
        slow.readCommand();
        clock.advance(TIMEOUT);
        failure(DispatcherTimeoutException.class, late);

        CompletableFuture<DispatcherReply> impatient = client.remove(Commands.remove("a"));
        CompletableFuture<DispatcherReply> other = update(client, Commands.update("b"));
        Peer fresh = dispatcher.accept();
        assertThat(fresh.readCall()).isEqualTo("b");
        fresh.reply(RELAY_LINE);
        await(other);
        clock.advance(TIMEOUT);
        DispatcherTimeoutException behind = failure(DispatcherTimeoutException.class, impatient);
        assertThat(behind).hasMessageStartingWith("an earlier command of the call was not answered in time: remove");
        assertThat(behind.isRetrySafe()).isTrue();

        CompletableFuture<DispatcherReply> bye = client.remove(Commands.remove("a"));
        completeOne(client, fresh, "c");
        assertThat(fresh.isSilent() && dispatcher.hasNoNewConnection()).isTrue();
        slow.reply(RELAY_LINE);

        assertThat(fresh.readCommand()).startsWith("remove\r\ncall_id: a\r\n");
        fresh.reply("removed\r\n");
        assertThat(await(bye)).isEqualTo(new DispatcherReply.Removed());
        assertThat(lateUpdates.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(Commands.update("a"));
    }

    @Test
    void shouldSendTheNextCommandWhenTheConnectionSetAsideEnds() throws Exception {
        DispatcherClient client = open();
        CompletableFuture<DispatcherReply> late = update(client, Commands.update("a"));
        Peer slow = dispatcher.accept();
        slow.readCommand();
        clock.advance(TIMEOUT);
        failure(DispatcherTimeoutException.class, late);
        CompletableFuture<DispatcherReply> bye = client.remove(Commands.remove("a"));
        slow.close();

        Peer fresh = dispatcher.accept();
        assertThat(fresh.readCommand()).startsWith("remove\r\n");
        fresh.reply("error\r\n");
        assertThat(await(bye)).isEqualTo(new DispatcherReply.Error());
        assertThat(lateUpdates).isEmpty();
    }

    @Test
    void shouldKeepTheOrderIfACommandInTheMiddleTimesOut() throws Exception {
        DispatcherClient client = open(config().maxConnections(1));
        CompletableFuture<DispatcherReply> first = update(client, Commands.update("x"));
        Peer peer = dispatcher.accept();
        peer.readCommand();
        CompletableFuture<DispatcherReply> one = update(client, Commands.update("a", "1"));
        CompletableFuture<DispatcherReply> two = update(client, Commands.update("a", "2"));
        clock.advance(Duration.ofMillis(499));
        CompletableFuture<DispatcherReply> three = update(client, Commands.update("a", "3"));
        CompletableFuture<DispatcherReply> four = update(client, Commands.update("a", "4"));
        peer.reply(RELAY_LINE);
        await(first);
        assertThat(peer.readCommand()).contains("cseq: 1\r\n");
        peer.reply(RELAY_LINE);
        await(one);
        assertThat(peer.readCommand()).contains("cseq: 2\r\n");
        clock.advance(Duration.ofMillis(1)); // the second is in flight: the third has to wait for its late reply
        failure(DispatcherTimeoutException.class, two);
        peer.reply(RELAY_LINE);

        Peer fresh = dispatcher.accept();
        assertThat(fresh.readCommand()).contains("cseq: 3\r\n");
        fresh.reply(RELAY_LINE);
        assertThat(await(three)).isEqualTo(RELAY);
        assertThat(fresh.readCommand()).contains("cseq: 4\r\n");
        fresh.reply(RELAY_LINE);
        assertThat(await(four)).isEqualTo(RELAY);
    }
}

package io.mediaproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.testing.ScriptedDispatcher.Peer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DispatcherClientTimeoutTest extends ClientTest {
    private static final Duration JUST_BEFORE = TIMEOUT.minusNanos(1);

    @Test
    void shouldTimeOutAtTheTimeoutAndNotBefore() throws Exception {
        CompletableFuture<DispatcherReply> reply = update(open(), Commands.update("c1"));
        Peer peer = dispatcher.accept();
        int length = peer.readCommand().length();
        clock.advance(JUST_BEFORE);
        assertThat(reply).isNotDone();
        clock.advance(Duration.ofNanos(1));

        DispatcherTimeoutException timeout = failure(DispatcherTimeoutException.class, reply);

        assertThat(context(timeout))
                .isEqualTo(new CommandContext(dispatcher.socket(), "update", "c1", TIMEOUT, TIMEOUT, length, 1, 0, 0));
        assertThat(timeout).hasMessageStartingWith("the dispatcher did not answer in time: update of call \"c1\"");
        assertThat(timeout.isRetrySafe()).isFalse();
    }

    @Test
    void shouldAcceptAReplyAtTheLastMoment() throws Exception {
        CompletableFuture<DispatcherReply> reply = update(open(), Commands.update("c1"));
        Peer peer = dispatcher.accept();
        peer.readCommand();
        clock.advance(JUST_BEFORE);
        peer.reply(RELAY_LINE);
        assertThat(await(reply)).isEqualTo(RELAY);
    }

    @Test
    void shouldTimeOutACommandThatNeverGotAConnection() throws Exception {
        DispatcherClient client = open(config().maxConnections(1));
        CompletableFuture<DispatcherReply> first = update(client, Commands.update("c1"));
        Peer peer = dispatcher.accept();
        peer.readCommand();
        clock.advance(Duration.ofMillis(100));
        CompletableFuture<DispatcherReply> second = update(client, Commands.update("c2"));
        clock.advance(Duration.ofMillis(399));
        peer.reply(RELAY_LINE);
        await(first);
        assertThat(peer.readCall()).isEqualTo("c2");
        CompletableFuture<DispatcherReply> third = update(client, Commands.update("c3"));
        clock.advance(Duration.ofMillis(101));
        assertThat(context(failure(DispatcherTimeoutException.class, second)).elapsed())
                .isEqualTo(TIMEOUT);

        // The connection of the second command was set aside, which makes room for the third.
        Peer fresh = dispatcher.accept();
        assertThat(fresh.readCall()).isEqualTo("c3");
        CompletableFuture<DispatcherReply> fourth = client.remove(Commands.remove("c4"));
        clock.advance(Duration.ofMillis(398));
        CompletableFuture<DispatcherReply> fifth = update(client, Commands.update("c5"));
        clock.advance(Duration.ofMillis(1));
        failure(DispatcherTimeoutException.class, third);
        Peer another = dispatcher.accept();
        assertThat(another.readCommand()).startsWith("remove\r\ncall_id: c4\r\n");
        clock.advance(Duration.ofMillis(101));
        failure(DispatcherTimeoutException.class, fourth);
        Peer last = dispatcher.accept();
        assertThat(last.readCall()).isEqualTo("c5");
        last.reply(RELAY_LINE);
        assertThat(await(fifth)).isEqualTo(RELAY);
    }

    @Test
    void shouldReportThatAQueuedCommandIsSafeToRetry() throws Exception {
        DispatcherClient client = open(config().maxConnections(1));
        CompletableFuture<DispatcherReply> first = update(client, Commands.update("c1"));
        CompletableFuture<DispatcherReply> second = update(client, Commands.update("c2"));
        Peer peer = dispatcher.accept();
        peer.readCommand();
        clock.advance(TIMEOUT);

        failure(DispatcherTimeoutException.class, first);
        DispatcherTimeoutException queued = failure(DispatcherTimeoutException.class, second);

        assertThat(queued.isRetrySafe()).isTrue();
        assertThat(context(queued).bytesWritten()).isZero();
        assertThat(queued).hasMessageStartingWith("no connection became free in time: ");
        assertThat(dispatcher.hasNoNewConnection()).isTrue();
    }

    @Test
    void shouldDeliverTheLateReplyAndCloseTheConnection() throws Exception {
        DispatcherClient client = open(config().maxConnections(1));
        CompletableFuture<DispatcherReply> late = update(client, Commands.update("c1"));
        Peer slow = dispatcher.accept();
        slow.readCommand();
        clock.advance(TIMEOUT);
        failure(DispatcherTimeoutException.class, late);

        CompletableFuture<DispatcherReply> other = update(client, Commands.update("c2"));
        Peer fresh = dispatcher.accept();
        assertThat(fresh.readCall()).isEqualTo("c2");
        assertThat(slow.isSilent()).isTrue();
        slow.reply(RELAY_LINE.substring(0, 5));
        slow.reply(RELAY_LINE.substring(5));

        assertThat(lateUpdates.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(Commands.update("c1"));
        slow.awaitEnd();
        fresh.reply("None\r\n");
        assertThat(await(other)).isEqualTo(new DispatcherReply.None());
    }

    @Test
    void shouldDeliverOnlyLateEndpoints() throws Exception {
        DispatcherClient client = open(config().maxConnections(4));
        CompletableFuture<DispatcherReply> error = update(client, Commands.update("c1"));
        CompletableFuture<DispatcherReply> none = update(client, Commands.update("c2"));
        CompletableFuture<DispatcherReply> removed = client.remove(Commands.remove("c3"));
        CompletableFuture<DispatcherReply> garbage = update(client, Commands.update("c4"));
        Peer[] peers = {dispatcher.accept(), dispatcher.accept(), dispatcher.accept(), dispatcher.accept()};
        for (Peer peer : peers) {
            peer.readCommand();
        }
        clock.advance(TIMEOUT);
        for (CompletableFuture<DispatcherReply> reply : List.of(error, none, removed, garbage)) {
            failure(DispatcherTimeoutException.class, reply);
        }
        peers[0].reply("error\r\n");
        peers[1].reply("None\r\n");
        peers[2].reply("removed\r\n");
        peers[3].reply("garbage\r\n");
        for (Peer peer : peers) {
            peer.awaitEnd();
        }
        client.close();

        assertThat(lateUpdates).isEmpty();
    }

    @Test
    void shouldCloseAConnectionSetAsideAtTheLateReplyLimit() throws Exception {
        DispatcherClient client = open(config().lateReplyLimit(Duration.ofSeconds(30)));
        CompletableFuture<DispatcherReply> late = update(client, Commands.update("c1"));
        Peer slow = dispatcher.accept();
        slow.readCommand();
        clock.advance(TIMEOUT);
        failure(DispatcherTimeoutException.class, late);
        clock.advance(Duration.ofSeconds(30).minusNanos(1));
        CompletableFuture<DispatcherReply> other = update(client, Commands.update("c2"));
        Peer fresh = dispatcher.accept();
        fresh.readCommand();
        fresh.reply(RELAY_LINE);
        await(other);
        slow.reply("1"); // the client still reads: this fails on a closed connection

        clock.advance(Duration.ofNanos(1));

        slow.awaitEnd();
        completeOne(client, fresh, "c3");
    }

    @Test
    void shouldCloseTheOldestOfTooManyConnectionsSetAside() throws Exception {
        DispatcherClient client = open(config().maxConnections(1).maxLateReplies(2));
        Peer[] peers = new Peer[3];
        for (int i = 0; i < peers.length; i++) {
            CompletableFuture<DispatcherReply> late = update(client, Commands.update("c" + i));
            peers[i] = dispatcher.accept();
            peers[i].readCommand();
            clock.advance(TIMEOUT);
            failure(DispatcherTimeoutException.class, late);
        }

        peers[0].awaitEnd();
        peers[2].reply(RELAY_LINE);
        assertThat(lateUpdates.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(Commands.update("c2"));
        peers[1].reply(RELAY_LINE);
        assertThat(lateUpdates.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(Commands.update("c1"));
        // The call whose late reply was given up can send again.
        CompletableFuture<DispatcherReply> again = update(client, Commands.update("c0"));
        Peer fresh = dispatcher.accept();
        assertThat(fresh.readCall()).isEqualTo("c0");
        fresh.reply(RELAY_LINE);
        assertThat(await(again)).isEqualTo(RELAY);
    }

    @Test
    void shouldFreeTheQueuePlaceOfACommandThatTimedOut() throws Exception {
        DispatcherClient client = open(config().maxConnections(1).queueCapacity(2));
        CompletableFuture<DispatcherReply> first = update(client, Commands.update("c1"));
        CompletableFuture<DispatcherReply> second = update(client, Commands.update("c1"));
        Peer slow = dispatcher.accept();
        slow.readCommand();
        clock.advance(TIMEOUT);
        failure(DispatcherTimeoutException.class, first);
        failure(DispatcherTimeoutException.class, second);

        CompletableFuture<DispatcherReply> third = update(client, Commands.update("c3"));
        Peer fresh = dispatcher.accept();
        assertThat(fresh.readCall()).isEqualTo("c3");
        fresh.reply(RELAY_LINE);
        assertThat(await(third)).isEqualTo(RELAY);
    }
}

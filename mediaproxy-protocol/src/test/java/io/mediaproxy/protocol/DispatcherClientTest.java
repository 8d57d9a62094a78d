package io.mediaproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.mediaproxy.protocol.log.Excerpt;
import io.mediaproxy.testing.ScriptedDispatcher.Peer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DispatcherClientTest extends ClientTest {
    @Test
    void shouldSendTheCommandAndReturnTheEndpointsOfTheRelay() throws Exception {
        CompletableFuture<DispatcherReply> reply = update(open(), Commands.update("c1"));

        Peer peer = dispatcher.accept();
        assertThat(peer.readCommand())
                .isEqualTo(new String(Commands.encode(Commands.update("c1")), StandardCharsets.UTF_8));
        peer.reply(RELAY_LINE);
        assertThat(await(reply)).isEqualTo(RELAY);
    }

    @Test
    void shouldDistinguishNoneRemovedAndError() throws Exception {
        DispatcherClient client = open();

        CompletableFuture<DispatcherReply> none = update(client, Commands.update("c1"));
        Peer peer = dispatcher.accept();
        assertThat(peer.readCall()).isEqualTo("c1");
        peer.reply("None\r\n");
        assertThat(await(none)).isEqualTo(new DispatcherReply.None());

        CompletableFuture<DispatcherReply> removed = client.remove(Commands.remove("c1"));
        assertThat(peer.readCommand())
                .isEqualTo("remove\r\ncall_id: c1\r\nfrom_tag: 9fxced76sl\r\nto_tag: 8321234356\r\n\r\n");
        peer.reply("removed\r\n");
        assertThat(await(removed)).isEqualTo(new DispatcherReply.Removed());

        CompletableFuture<DispatcherReply> unknown = client.remove(Commands.remove("c1"));
        peer.readCommand();
        peer.reply("error\r\n");
        assertThat(await(unknown)).isEqualTo(new DispatcherReply.Error());
    }

    @Test
    void shouldFailARefusedUpdateAndKeepTheConnection() throws Exception {
        DispatcherClient client = open();
        CompletableFuture<DispatcherReply> reply = update(client, Commands.update("c1"));
        Peer peer = dispatcher.accept();
        String command = peer.readCommand();
        clock.advance(Duration.ofMillis(3));
        peer.reply("error\r\n");

        DispatcherErrorException error = failure(DispatcherErrorException.class, reply);

        assertThat(context(error))
                .isEqualTo(new CommandContext(
                        dispatcher.socket(), "update", "c1", Duration.ofMillis(3), TIMEOUT, command.length(), 1, 0, 0));
        assertThat(error)
                .hasMessage("dispatcher answered error: update of call \"c1\", " + command.length()
                        + " bytes written; elapsed 3 ms, limit 500 ms; socket " + dispatcher.socket()
                        + "; connections: 1 busy, 0 idle; commands queued: 0");
        assertThat(error.isRetrySafe()).isFalse();
        completeOne(client, peer, "c2");
    }

    @Test
    void shouldReadAReplyThatArrivesByteByByte() throws Exception {
        CompletableFuture<DispatcherReply> reply = update(open(), Commands.update("c1"));
        Peer peer = dispatcher.accept();
        peer.readCommand();
        for (int i = 0; i < RELAY_LINE.length(); i++) {
            assertThat(reply).isNotDone();
            peer.reply(RELAY_LINE.substring(i, i + 1));
        }
        assertThat(await(reply)).isEqualTo(RELAY);
    }

    @Test
    void shouldReuseTheConnectionForTheNextCommand() throws Exception {
        DispatcherClient client = open();
        CompletableFuture<DispatcherReply> first = update(client, Commands.update("c1"));
        Peer peer = dispatcher.accept();
        peer.readCommand();
        peer.reply(RELAY_LINE);
        await(first);

        for (int i = 2; i < 50; i++) {
            completeOne(client, peer, "c" + i);
        }
        assertThat(dispatcher.hasNoNewConnection()).isTrue();
    }

    @Test
    void shouldSendOneCommandPerConnectionAndQueueTheRest() throws Exception {
        DispatcherClient client = open(config().maxConnections(2));
        List<CompletableFuture<DispatcherReply>> replies = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            replies.add(update(client, Commands.update("c" + i)));
        }
        Peer one = dispatcher.accept();
        Peer two = dispatcher.accept();
        assertThat(one.readCall()).isEqualTo("c0");
        assertThat(two.readCall()).isEqualTo("c1");
        two.reply(RELAY_LINE);
        await(replies.get(1));

        assertThat(two.readCall()).isEqualTo("c2");
        two.reply(RELAY_LINE);
        assertThat(two.readCall()).isEqualTo("c3");
        one.reply("None\r\n");
        assertThat(one.readCall()).isEqualTo("c4");
        one.reply(RELAY_LINE);
        two.reply("None\r\n");

        assertThat(await(replies.get(0))).isEqualTo(new DispatcherReply.None());
        assertThat(await(replies.get(2))).isEqualTo(RELAY);
        assertThat(await(replies.get(3))).isEqualTo(new DispatcherReply.None());
        assertThat(await(replies.get(4))).isEqualTo(RELAY);
        assertThat(one.isSilent() && two.isSilent() && dispatcher.hasNoNewConnection())
                .isTrue();
    }

    @Test
    void shouldRefuseACommandWhileTheQueueIsFull() throws Exception {
        DispatcherClient client = open(config().maxConnections(1).queueCapacity(2));
        CompletableFuture<DispatcherReply> first = update(client, Commands.update("c1"));
        Peer peer = dispatcher.accept();
        peer.readCommand();
        CompletableFuture<DispatcherReply> second = update(client, Commands.update("c2"));

        QueueFullException refused = failure(QueueFullException.class, client.remove(Commands.remove("c3")));

        assertThat(refused.capacity()).isEqualTo(2);
        assertThat(refused)
                .hasMessage(
                        "the command queue is full (2 commands): remove of call \"c3\", 0 bytes written; elapsed 0 ms, "
                                + "limit 500 ms; socket " + dispatcher.socket()
                                + "; connections: 1 busy, 0 idle; commands queued: 1");
        assertThat(refused.isRetrySafe()).isTrue();

        peer.reply(RELAY_LINE);
        await(first);
        CompletableFuture<DispatcherReply> third = update(client, Commands.update("c3"));
        assertThat(peer.readCall()).isEqualTo("c2");
        peer.reply(RELAY_LINE);
        await(second);
        assertThat(peer.readCall()).isEqualTo("c3");
        peer.reply(RELAY_LINE);
        await(third);
    }

    @Test
    void shouldTakeTheUpdatesOfCallsInProgressWhileOthersFillTheQueue() throws Exception {
        DispatcherClient client = open(config().maxConnections(1).queueCapacity(2));
        CompletableFuture<DispatcherReply> offer = update(client, Commands.update("c1"));
        Peer peer = dispatcher.accept();
        assertThat(peer.readCall()).isEqualTo("c1");
        CompletableFuture<DispatcherReply> bye = client.remove(Commands.remove("c2"));
        failure(QueueFullException.class, update(client, Commands.update("c3")));
        List<CompletableFuture<DispatcherReply>> answers =
                List.of(update(client, Commands.answer("c1")), update(client, Commands.answer("c4")));

        failure(QueueFullException.class, update(client, Commands.answer("c5")));

        assertThat(client.load().commandsWaiting()).isEqualTo(3);
        peer.reply(RELAY_LINE);
        for (String next : List.of("c4", "c1")) {
            assertThat(peer.readCall()).isEqualTo(next);
            peer.reply(RELAY_LINE);
        }
        peer.readCommand();
        peer.reply("removed\r\n");
        for (CompletableFuture<DispatcherReply> reply : List.of(offer, answers.get(0), answers.get(1), bye)) {
            await(reply);
        }
        assertThat(client.load().commandsWaiting()).isZero();
    }

    @Test
    void shouldDropACancelledCommandThatWasNotSent() throws Exception {
        DispatcherClient client = open(config().maxConnections(1));
        CompletableFuture<DispatcherReply> first = update(client, Commands.update("c1"));
        CompletableFuture<DispatcherReply> cancelled = update(client, Commands.update("c2"));
        CompletableFuture<DispatcherReply> third = update(client, Commands.update("c2", "2"));
        Peer peer = dispatcher.accept();
        peer.readCommand();
        cancelled.cancel(false);
        peer.reply(RELAY_LINE);
        await(first);

        assertThat(peer.readCommand()).contains("call_id: c2\r\ncseq: 2\r\n");
        peer.reply(RELAY_LINE);
        assertThat(await(third)).isEqualTo(RELAY);
        assertThat(lateUpdates).isEmpty();
    }

    @Test
    void shouldDeliverTheLateReplyToACommandCancelledInFlight() throws Exception {
        DispatcherClient client = open();
        CompletableFuture<DispatcherReply> cancelled = update(client, Commands.update("c1"));
        Peer peer = dispatcher.accept();
        peer.readCommand();
        cancelled.cancel(false);
        peer.reply(RELAY_LINE);

        assertThat(lateUpdates.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(Commands.update("c1"));
        completeOne(client, peer, "c2");
    }

    @Test
    void shouldContinueAfterAnExceptionFromAListener() throws Exception {
        DispatcherClient client = open();
        CompletableFuture<DispatcherReply> cancelled = client.update(Commands.update("c1"), endpoints -> {
            lateUpdates.add(Commands.update("c1"));
            throw new IllegalStateException("listener");
        });
        Peer peer = dispatcher.accept();
        peer.readCommand();
        cancelled.cancel(false);
        peer.reply(RELAY_LINE);
        assertThat(lateUpdates.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isNotNull();

        completeOne(client, peer, "c2");
    }

    @Test
    void shouldAcceptCommandsFromAContinuation() throws Exception {
        DispatcherClient client = open();
        CompletableFuture<DispatcherReply> both = update(client, Commands.update("c1"))
                .thenCompose(reply -> {
                    Thread.currentThread().interrupt(); // must not close the client's sockets
                    return client.remove(Commands.remove("c1"));
                });
        Peer peer = dispatcher.accept();
        peer.readCommand();
        peer.reply(RELAY_LINE);
        assertThat(peer.readCommand()).startsWith("remove\r\n");
        peer.reply("removed\r\n");
        assertThat(await(both)).isEqualTo(new DispatcherReply.Removed());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "halting\r\n",
                "\r\n",
                "1.2.3.4\r\n",
                "1.2.3.4 x\r\n",
                "removed\r\n",
                "None\n",
                "{\"ip\": \"1.2.3.4\"}\r\n",
                "\0\0\0\r\n"
            })
    void shouldCloseTheConnectionOnAnInvalidReplyToAnUpdate(String line) throws Exception {
        assertBroken(update(open(), Commands.update("c1")), line);
    }

    @ParameterizedTest
    @ValueSource(strings = {"None\r\n", "81.23.228.129 50000\r\n", "gone\r\n"})
    void shouldCloseTheConnectionOnAnInvalidReplyToARemove(String line) throws Exception {
        assertBroken(open().remove(Commands.remove("c1")), line);
    }

    @Test
    void shouldStopReadingAReplyWithoutEnd() throws Exception {
        assertBroken(update(open(), Commands.update("c1")), "x".repeat(1025));
    }

    private void assertBroken(CompletableFuture<DispatcherReply> reply, String line) throws Exception {
        Peer peer = dispatcher.accept();
        peer.readCommand();
        peer.reply(line);

        DispatcherProtocolException broken = failure(DispatcherProtocolException.class, reply);

        assertThat(broken.excerpt()).isEqualTo(Excerpt.of(line));
        assertThat(broken).hasMessageContaining("got " + Excerpt.of(line) + ": ");
        assertThat(broken.isRetrySafe()).isFalse();
        peer.awaitEnd();
    }

    @Test
    void shouldCloseAnIdleConnectionThatReceivesBytes() throws Exception {
        DispatcherClient client = open();
        CompletableFuture<DispatcherReply> first = update(client, Commands.update("c1"));
        Peer peer = dispatcher.accept();
        peer.readCommand();
        peer.reply(RELAY_LINE);
        await(first);

        peer.reply("1.2.3.4 40000\r\n");
        peer.awaitEnd();

        CompletableFuture<DispatcherReply> next = update(client, Commands.update("c2"));
        Peer fresh = dispatcher.accept();
        fresh.readCommand();
        fresh.reply(RELAY_LINE);
        assertThat(await(next)).isEqualTo(RELAY);
    }

    @Test
    void shouldCloseTheConnectionIfBytesFollowTheReply() throws Exception {
        DispatcherClient client = open(config().maxConnections(1));
        CompletableFuture<DispatcherReply> first = update(client, Commands.update("c1"));
        CompletableFuture<DispatcherReply> second = update(client, Commands.update("c2"));
        Peer peer = dispatcher.accept();
        peer.readCommand();
        peer.reply(RELAY_LINE + "error\r\n");

        assertThat(await(first)).isEqualTo(RELAY);
        peer.awaitEnd();
        Peer fresh = dispatcher.accept();
        assertThat(fresh.readCall()).isEqualTo("c2");
        fresh.reply(RELAY_LINE);
        assertThat(await(second)).isEqualTo(RELAY);
    }

    @Test
    void shouldRefuseConfigurationsOutOfRange() {
        Path longest = Path.of("/" + "x".repeat(106));
        assertThat(DispatcherConfig.builder(longest).build().socket()).isEqualTo(longest);
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        DispatcherConfig.builder(Path.of("/" + "x".repeat(107))).build())
                .withMessage("socket path must have 1 to 107 bytes, not 108: /" + "x".repeat(107));
        List<DispatcherConfig.Builder> wrong = List.of(
                config().timeout(Duration.ZERO),
                config().timeout(Duration.ofDays(2)),
                config().maxConnections(0),
                config().maxConnections(65),
                config().queueCapacity(0),
                config().retryInterval(Duration.ofNanos(-1)),
                config().lateReplyLimit(Duration.ofDays(2)),
                config().maxLateReplies(0));
        for (DispatcherConfig.Builder builder : wrong) {
            assertThatIllegalArgumentException().isThrownBy(builder::build);
        }
        assertThat(DispatcherConfig.defaults().timeout()).isEqualTo(Duration.ofMillis(500));
        assertThat(DispatcherConfig.defaults().socket()).hasToString("/run/mediaproxy/dispatcher.sock");
    }
}

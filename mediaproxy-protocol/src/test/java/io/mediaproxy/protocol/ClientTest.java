package io.mediaproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.protocol.ScriptedDispatcher.Peer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** What the tests of the client share: a dispatcher, time that stands still, and a client on them. */
abstract class ClientTest {
    static final long PATIENCE_SECONDS = 20;
    static final Duration TIMEOUT = Duration.ofMillis(500);
    static final DispatcherReply RELAY = new DispatcherReply.Endpoints("81.23.228.129", List.of(50000, 50004));
    static final String RELAY_LINE = "81.23.228.129 50000 50004\r\n";

    final ManualClock clock = new ManualClock();
    final BlockingQueue<UpdateCommand> lateUpdates = new LinkedBlockingQueue<>();
    final ScriptedDispatcher dispatcher = ScriptedDispatcher.listening();
    private @Nullable DispatcherClient client;

    DispatcherConfig.Builder config() {
        return dispatcher.config(clock);
    }

    /** Sends an update, and notes in {@link #lateUpdates} if it succeeds late. */
    CompletableFuture<DispatcherReply> update(DispatcherClient to, UpdateCommand command) {
        return to.update(command, endpoints -> {
            assertThat(endpoints).isEqualTo(RELAY);
            lateUpdates.add(command);
        });
    }

    DispatcherClient open(DispatcherConfig.Builder config) {
        DispatcherClient opened = DispatcherClient.open(config.build());
        client = opened;
        return opened;
    }

    DispatcherClient open() {
        return open(config());
    }

    @AfterEach
    void closeAll() throws IOException {
        if (client != null) {
            client.close();
        }
        dispatcher.close();
    }

    static DispatcherReply await(CompletableFuture<DispatcherReply> future)
            throws ExecutionException, InterruptedException, TimeoutException {
        return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Waits for the failure of this type. */
    static <E extends MediaProxyException> E failure(Class<E> type, CompletableFuture<DispatcherReply> future)
            throws InterruptedException, TimeoutException {
        try {
            throw new AssertionError("succeeded: " + await(future));
        } catch (ExecutionException e) {
            assertThat(e).hasCauseInstanceOf(type);
            return Objects.requireNonNull(type.cast(e.getCause()));
        }
    }

    static CommandContext context(MediaProxyException failure) {
        return failure.context().orElseThrow();
    }

    /** Has a command answered on this connection, after which the client has done all that came before. */
    void exchange(DispatcherClient client, Peer peer, String callId)
            throws ExecutionException, InterruptedException, TimeoutException {
        CompletableFuture<DispatcherReply> reply = update(client, Commands.update(callId));
        assertThat(peer.readCall()).isEqualTo(callId);
        peer.reply(RELAY_LINE);
        assertThat(await(reply)).isEqualTo(RELAY);
    }
}

package io.mediaproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.testing.ManualClock;
import io.mediaproxy.testing.ScriptedDispatcher;
import io.mediaproxy.testing.ScriptedDispatcher.Peer;
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

/** Fixture for tests of the client: a dispatcher, a clock that is moved by hand, and a client that uses both. */
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

    /** Sends an update, and adds it to {@link #lateUpdates} if it succeeds late. */
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

    /** Waits until the future fails, and returns the failure, which has to be of this type. */
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

    /** Completes one command on this connection. By then the client has done all work that was due before. */
    void completeOne(DispatcherClient client, Peer peer, String callId)
            throws ExecutionException, InterruptedException, TimeoutException {
        CompletableFuture<DispatcherReply> reply = update(client, Commands.update(callId));
        assertThat(peer.readCall()).isEqualTo(callId);
        peer.reply(RELAY_LINE);
        assertThat(await(reply)).isEqualTo(RELAY);
    }
}

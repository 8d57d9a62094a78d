package io.mediaproxy.session;

import static io.mediaproxy.session.Call.AUDIO;
import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.testing.ScriptedDispatcher;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A call ends while its update is in flight, and there is no room for the removal. */
@Timeout(60)
class RefusedRemovalTest {
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final CountDownLatch received = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final ScriptedDispatcher dispatcher = ScriptedDispatcher.answering(command -> {
        commands.add(command);
        if (command.contains("cseq: 2\r\n")) {
            received.countDown();
            try {
                released.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        return command.startsWith("update") ? "10.1.1.1 20000\r\n" : "removed\r\n";
    });
    private final MediaProxy mediaProxy = MediaProxy.builder()
            .dispatcherSocket(dispatcher.socket())
            .timeout(Duration.ofSeconds(50))
            .dispatcher(config -> config.maxConnections(1).queueCapacity(1))
            .build();

    @AfterEach
    void close() {
        mediaProxy.close();
        dispatcher.close();
    }

    @Test
    void shouldDeliverTheRemovalAfterTheUpdate() throws Exception {
        Call call = new Call("c1");
        MediaSession session = mediaProxy.session("c1", "alice");
        session.offer(call.invite(AUDIO));
        session.answer(call.response(200, AUDIO));
        CompletableFuture<MediaProxyResult> offer = session.offerAsync(call.reInvite(2, AUDIO), CallAttributes.NONE);
        received.await();

        MediaProxyResult end = session.end();

        assertThat(end.outcome()).as(end.reason()).isEqualTo(Outcome.REMOVAL_QUEUED);
        released.countDown();
        assertThat(offer.join().outcome()).isEqualTo(Outcome.REWRITTEN);
        assertThat(mediaProxy.pendingRemovals() + commands.size())
                .as("three updates, and the removal, which is kept or delivered")
                .isGreaterThanOrEqualTo(4);
        while (mediaProxy.pendingRemovals() > 0) {
            PassingTime.of(mediaProxy);
        }
        assertThat(commands.get(commands.size() - 1)).startsWith("remove\r\ncall_id: c1\r\n");
    }
}

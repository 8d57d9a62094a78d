package io.mediaproxy.session;

import static io.mediaproxy.session.Call.AUDIO;
import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.session.sip.SipMessageView;
import io.mediaproxy.testing.ScriptedDispatcher;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The application's {@code signalingIp} waits, as one that asks a database, and holds up nothing but its message. */
@Timeout(20)
class SlowSignalingIpTest {
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final ScriptedDispatcher dispatcher = ScriptedDispatcher.answering(
            command -> command.startsWith("update") ? "10.1.1.1 20000\r\n" : "removed\r\n");
    private final MediaProxy mediaProxy = MediaProxy.builder()
            .dispatcherSocket(dispatcher.socket())
            .signalingIp((message, attributes) -> signalingIp(message))
            .build();
    private final EngagedCalls calls = mediaProxy.engagedCalls();
    private final Call slow = new Call("slow");

    private String signalingIp(SipMessageView message) {
        if ("slow".equals(message.header("Call-ID")) && message.statusCode() == 200) {
            asked.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return message.sourceAddress();
    }

    @AfterEach
    void close() {
        goOn.countDown();
        mediaProxy.close();
        dispatcher.close();
    }

    @Test
    void shouldHoldUpNoOtherCallAndNoOtherMessageOfAnEngagedCall() throws Exception {
        assertThat(mediaProxy.engageMediaProxy(slow.invite(AUDIO)).outcome()).isEqualTo(Outcome.REWRITTEN);
        CompletableFuture<MediaProxyResult> waiting = onThread(() -> calls.follow(slow.response(200, AUDIO)));
        asked.await();

        assertThat(meanwhile(() -> mediaProxy.engageMediaProxy(new Call("c2").invite(AUDIO))))
                .isEqualTo(Outcome.REWRITTEN);
        onThread(() -> {
                    PassingTime.of(mediaProxy);
                    return true;
                })
                .get(10, TimeUnit.SECONDS);
        assertThat(calls.find(slow.response(183, AUDIO))).isPresent();
        assertThat(meanwhile(() -> calls.follow(slow.response(183, AUDIO)))).isEqualTo(Outcome.REWRITTEN);
        assertThat(meanwhile(() -> calls.follow(slow.response(486, "")))).isEqualTo(Outcome.REMOVED);
        assertThat(waiting).isNotDone();
        goOn.countDown();
        assertThat(waiting.get().outcome()).isEqualTo(Outcome.CALL_ENDED);
    }

    @Test
    void shouldHoldUpNoOtherMessageOfAMediaSession() throws Exception {
        MediaSession session = mediaProxy.session("slow", "alice");
        assertThat(session.offer(slow.invite(AUDIO)).outcome()).isEqualTo(Outcome.REWRITTEN);
        CompletableFuture<MediaProxyResult> waiting = onThread(() -> session.answer(slow.response(200, AUDIO)));
        asked.await();

        assertThat(meanwhile(session::end)).isEqualTo(Outcome.REMOVED);
        goOn.countDown();
        assertThat(waiting.get().outcome()).isEqualTo(Outcome.CALL_ENDED);
    }

    @Test
    void shouldEndAllCallsWhileItWaits() throws Exception {
        mediaProxy.engageMediaProxy(slow.invite(AUDIO));
        CompletableFuture<MediaProxyResult> waiting = onThread(() -> calls.follow(slow.response(200, "")));
        asked.await();

        onThread(() -> calls.endAllAsync().join()).get(10, TimeUnit.SECONDS);

        assertThat(calls.size()).isZero();
        goOn.countDown();
        assertThat(waiting.get().returnCode()).isEqualTo(-1);
    }

    private static <T> CompletableFuture<T> onThread(Supplier<T> call) {
        return CompletableFuture.supplyAsync(call, task -> new Thread(task).start());
    }

    private Outcome meanwhile(Supplier<MediaProxyResult> call)
            throws ExecutionException, InterruptedException, TimeoutException {
        return onThread(call).get(10, TimeUnit.SECONDS).outcome();
    }
}

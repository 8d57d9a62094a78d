package io.mediaproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * An answer whose dispatcher fails: its offer has a relay, so that only one side would be heard without one. The home
 * of the call is the first dispatcher, and the next one is the second.
 */
@Timeout(60)
class DispatcherPoolAnswerTest extends PoolTest {
    private String callId = "";
    private CallHome call = CallHome.ALWAYS_THE_SAME;

    @BeforeEach
    void beginCall() throws Exception {
        open(3);
        callId = callId(0, 1);
        call = pool().newCall();
        assertThat(await(update(call, Commands.update(callId)))).isEqualTo(RELAY);
        received(0);
    }

    private CompletableFuture<DispatcherReply> answer() {
        UpdateCommand answer = UpdateCommand.builder(UpdateCommand.Type.REPLY)
                .callId(callId)
                .cseq("1")
                .fromTag("9fxced76sl")
                .toTag("8321234356")
                .signalingIp("127.0.0.1")
                .media(List.of(new MediaStream("audio", "10.0.0.2", 49170, "sendrecv", false)))
                .build();
        return update(call, answer);
    }

    private CompletableFuture<DispatcherReply> unanswered(String reply) {
        replies.set(0, reply);
        CompletableFuture<DispatcherReply> answer = answer();
        assertThat(received(0)).contains("type: reply\r\n");
        return answer;
    }

    @Test
    void shouldGoOnToAnotherDispatcherIfItsOwnDies() throws Exception {
        CompletableFuture<DispatcherReply> answer = unanswered(SILENCE);

        dispatchers.get(0).kill();

        assertThat(await(answer)).isEqualTo(RELAY);
        assertThat(received(1)).contains("type: reply\r\n").contains("media_relay: 81.23.228.129\r\n");
        assertThat(call.hasMoved()).isTrue();
    }

    @Test
    void shouldGoOnToAnotherDispatcherIfItsOwnIsSilentForHalfTheTimeout() throws Exception {
        CompletableFuture<DispatcherReply> answer = unanswered(SILENCE);

        clock.advance(TIMEOUT.dividedBy(2));

        assertThat(await(answer)).isEqualTo(RELAY);
        assertThat(received(1)).contains("type: reply\r\n").contains("media_relay: 81.23.228.129\r\n");
    }

    @Test
    void shouldWaitForTheRelayIfItsDispatcherAnswersOtherCommands() throws Exception {
        CompletableFuture<DispatcherReply> answer = unanswered("late");
        replies.set(0, RELAY_LINE);
        clock.advance(TIMEOUT.dividedBy(2).minusMillis(1));
        completeOne(0);

        clock.advance(Duration.ofMillis(2));
        completeOne(0); // the client's thread has seen the time
        completeOne(0);

        assertThat(receivedNothing(1, 2)).isTrue();
        released.add(RELAY_LINE);
        assertThat(await(answer)).isEqualTo(RELAY);
        assertThat(call.hasMoved()).isFalse();
    }

    @Test
    void shouldGoOnToAnotherDispatcherIfItsOwnFallsSilentLater() throws Exception {
        CompletableFuture<DispatcherReply> answer = unanswered("late");
        replies.set(0, RELAY_LINE);
        clock.advance(TIMEOUT.dividedBy(2).minusMillis(1));
        completeOne(0);
        clock.advance(Duration.ofMillis(1));
        assertThat(answer).isNotDone();

        clock.advance(TIMEOUT.dividedBy(4));

        assertThat(await(answer)).isEqualTo(RELAY);
        assertThat(received(1)).contains("type: reply\r\n");
    }

    @Test
    void shouldStayAtTheOtherDispatcherIfTheFirstOneAnswersLater() throws Exception {
        CompletableFuture<DispatcherReply> answer = unanswered("late");
        clock.advance(TIMEOUT.dividedBy(2));
        await(answer);
        received(1);

        released.add(RELAY_LINE);
        replies.set(0, RELAY_LINE);
        completeOne(0);
        received(0);

        assertThat(await(update(call, Commands.update(callId, "2")))).isEqualTo(RELAY);
        assertThat(received(1)).contains("cseq: 2\r\n");
        assertThat(await(pool().remove(call, Commands.remove(callId)))).isEqualTo(new DispatcherReply.Removed());
        assertThat(received(0)).startsWith("remove\r\ncall_id: " + callId);
        assertThat(received(1)).startsWith("remove\r\ncall_id: " + callId);
        assertThat(late).isEmpty();
    }

    @Test
    void shouldTakeNoOtherRelayThanThatOfItsOffer() throws Exception {
        replies.set(1, "10.9.9.9 40000\r\n");
        CompletableFuture<DispatcherReply> answer = unanswered(SILENCE);

        dispatchers.get(0).kill();

        assertThat(ClientTest.failure(DispatcherUnreachableException.class, answer))
                .hasMessageContaining("does not reach the relay of the call");
        assertThat(received(1)).contains("type: reply\r\n");
        assertThat(received(1)).startsWith("remove\r\ncall_id: " + callId);
    }

    @Test
    void shouldNotRepeatAnOfferOfTheCall() throws Exception {
        replies.set(0, SILENCE);
        CompletableFuture<DispatcherReply> offer = update(call, Commands.update(callId, "2"));
        received(0);
        clock.advance(TIMEOUT.dividedBy(2));
        dispatchers.get(0).kill();

        ClientTest.failure(DispatcherUnreachableException.class, offer);

        assertThat(receivedNothing(1, 2)).isTrue();
    }
}

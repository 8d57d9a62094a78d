package io.mediaproxy.session;

import static io.mediaproxy.session.Call.AUDIO;
import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.testing.ManualClock;
import io.mediaproxy.testing.ScriptedDispatcher;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A re-INVITE falls into an outage of the dispatcher, and the relay still has the ports of the call. */
class KeptRelayTest {
    private static final String HOLD = AUDIO + "a=sendonly\r\n";
    private static final String ERROR = "error\r\n";

    private final List<String> commands = new CopyOnWriteArrayList<>();
    private volatile String failure = "";
    private volatile String calleePort = "20002";
    private final ManualClock clock = new ManualClock();
    private final ScriptedDispatcher dispatcher = ScriptedDispatcher.answering(command -> {
        commands.add(command);
        if (!failure.isEmpty()) {
            return failure;
        }
        String port = command.startsWith("update\r\ntype: request") ? calleePort : "20000";
        return command.startsWith("update") ? "10.1.1.1 " + port + "\r\n" : "removed\r\n";
    });
    private final MediaProxy mediaProxy = MediaProxy.builder()
            .dispatcherSocket(dispatcher.socket())
            .dispatcher(config -> config.clock(clock).retryInterval(Duration.ZERO))
            .build();
    private final EngagedCalls calls = mediaProxy.engagedCalls();
    private final Call call = new Call("c1");

    @BeforeEach
    void answer() {
        mediaProxy.engageMediaProxy(call.invite(AUDIO));
        calls.follow(call.response(200, AUDIO));
        commands.clear();
    }

    @AfterEach
    void close() {
        mediaProxy.close();
        dispatcher.close();
    }

    @Test
    void shouldGiveAnUnchangedOfferAndItsAnswerThePortsThatTheyHad() {
        failure = ERROR;

        MediaProxyResult offer = calls.follow(call.reInvite(2, HOLD));
        MediaProxyResult answer = calls.follow(call.response(200, "2 INVITE", AUDIO));

        assertThat(offer.outcome()).isEqualTo(Outcome.KEPT_RELAY);
        assertThat(offer.returnCode()).isEqualTo(1);
        assertThat(body(offer)).contains("c=IN IP4 10.1.1.1\r\n", "m=audio 20002 ", "a=sendonly");
        assertThat(offer.reason()).startsWith("relay 10.1.1.1 20002 as before, since the dispatcher gave none: ");
        assertThat(answer.outcome()).isEqualTo(Outcome.KEPT_RELAY);
        assertThat(body(answer)).contains("c=IN IP4 10.1.1.1\r\n", "m=audio 20000 ");
        assertThat(calls.follow(call.reInvite(2, HOLD)).relay()).isPresent();
        assertThat(mediaProxy.counters()).isEqualTo(new Counters(0, 0, 0, 0, 0, 0));
    }

    @Test
    @Timeout(30)
    void shouldTellTheRelayOfBothWhenTheDispatcherAnswersAgain() {
        failure = ERROR;
        calls.follow(call.reInvite(2, HOLD));
        calls.follow(call.response(200, "2 INVITE", AUDIO));
        while (commands.size() < 4) { // the messages, and one attempt more, which fails too
            PassingTime.of(mediaProxy);
        }
        failure = "";
        int failed = commands.size();
        while (commands.size() < failed + 2) {
            PassingTime.of(mediaProxy);
        }
        calls.follow(call.bye());

        List<String> last = commands.subList(commands.size() - 3, commands.size());
        assertThat(last.get(0)).contains("type: request\r\n", "cseq: 2\r\n", "sendonly");
        assertThat(last.get(1)).contains("type: reply\r\n", "cseq: 2\r\n");
        assertThat(last.get(2)).startsWith("remove");
    }

    @Test
    void shouldTellTheRelayOfTheOfferBeforeAnAnswerThatTheDispatcherTakes() {
        failure = ERROR;
        calls.follow(call.reInvite(2, HOLD));
        commands.clear();
        failure = "";

        assertThat(calls.follow(call.response(200, "2 INVITE", AUDIO)).outcome())
                .isEqualTo(Outcome.REWRITTEN);

        assertThat(commands).hasSize(2);
        assertThat(commands.get(0)).contains("type: request\r\n", "cseq: 2\r\n");
        assertThat(commands.get(1)).contains("type: reply\r\n", "cseq: 2\r\n");
    }

    @Test
    void shouldLeaveAnOfferWithOtherStreamsWithoutARelay() {
        failure = ERROR;

        assertThat(calls.follow(call.reInvite(2, AUDIO.replace("5012", "5014"))).outcome())
                .isEqualTo(Outcome.FAILED);
        assertThat(calls.follow(call.response(200, "2 INVITE", AUDIO)).outcome())
                .isEqualTo(Outcome.FAILED);
        assertThat(calls.follow(call.reInvite(3, Call.AUDIO_VIDEO)).outcome()).isEqualTo(Outcome.FAILED);
    }

    @Test
    void shouldGiveNoOldPortsToTheAnswerOfAnOfferWithNewOnes() {
        calleePort = "20012";
        assertThat(body(calls.follow(call.reInvite(2, AUDIO.replace("5012", "5014")))))
                .contains("m=audio 20012 ");
        failure = ERROR;

        MediaProxyResult answer = calls.follow(call.response(200, "2 INVITE", AUDIO));

        assertThat(answer.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(mediaProxy.counters().halfRelayedExchanges()).isOne();
    }

    @Test
    void shouldNotTellWhatALaterOfferHasReplaced() {
        failure = ERROR;
        calls.follow(call.reInvite(2, HOLD));
        calls.follow(call.response(200, "2 INVITE", AUDIO));
        failure = "";
        calls.follow(call.reInvite(3, AUDIO));
        commands.clear();

        PassingTime.of(mediaProxy);

        calls.follow(call.bye()); // its removal comes after all other commands of the call
        assertThat(commands).singleElement().asString().startsWith("remove");
    }

    @Test
    void shouldNotTellAfterTheEndOfTheCall() {
        failure = ERROR;
        calls.follow(call.reInvite(2, HOLD));
        failure = "";
        calls.follow(call.bye());
        commands.clear();

        PassingTime.of(mediaProxy);

        mediaProxy.endMediaSession(call.bye());
        assertThat(commands).singleElement().asString().startsWith("remove");
    }

    @Test
    void shouldKeepTheRelayOfACallWhileTheDispatcherIsAway() {
        dispatcher.close();

        assertThat(calls.follow(call.reInvite(2, AUDIO)).outcome()).isEqualTo(Outcome.KEPT_RELAY);
    }

    private static String body(MediaProxyResult result) {
        return new String(result.body().orElseThrow(), StandardCharsets.UTF_8);
    }
}

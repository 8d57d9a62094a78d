package io.mediaproxy.session;

import static io.mediaproxy.session.Call.AUDIO;
import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.testing.LogCapture;
import io.mediaproxy.testing.ManualClock;
import io.mediaproxy.testing.ScriptedDispatcher;
import java.time.Duration;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The dispatcher gives no relay for a while. */
class RelayOutageTest {
    private static final String RELAY = "10.1.1.1 20000\r\n";
    private static final String ERROR = "error\r\n";

    private final ManualClock clock = new ManualClock();
    private final ScriptedDispatcher dispatcher = ScriptedDispatcher.answering();
    private final MediaProxy mediaProxy = MediaProxy.builder()
            .dispatcherSocket(dispatcher.socket())
            .dispatcher(config -> config.clock(clock))
            .build();
    private final EngagedCalls calls = mediaProxy.engagedCalls();
    private final LogCapture logged = LogCapture.of("io.mediaproxy.session");

    @AfterEach
    void close() {
        logged.close();
        mediaProxy.close();
        dispatcher.close();
    }

    @Test
    void shouldLogTheBeginAndTheEndOfAnOutageWithItsCalls() {
        dispatcher.answer(ERROR);
        for (int second = 0; second < 25; second++) {
            engage("a" + second);
            engage("b" + second);
            clock.advance(Duration.ofSeconds(1));
        }
        dispatcher.answer(RELAY);
        engage("c");
        engage("d");

        assertThat(logged.lines(Level.INFO)).hasSize(4);
        assertThat(logged.lines(Level.INFO).get(0))
                .startsWith("WARNING calls go on without a relay: ")
                .contains("error");
        assertThat(logged.lines(Level.INFO).get(1))
                .startsWith("WARNING 21 calls went on without a relay, since 10 s: ");
        assertThat(logged.lines(Level.INFO).get(2))
                .startsWith("WARNING 41 calls went on without a relay, since 20 s: ");
        assertThat(logged.lines(Level.INFO).get(3))
                .isEqualTo("INFO calls have a relay again: 50 went on without one, in 24 s");
        assertThat(mediaProxy.counters().callsWithoutRelay()).isEqualTo(50);
        assertThat(mediaProxy.counters().halfRelayedExchanges()).isZero();
    }

    @Test
    void shouldLogAtMostOneWarningInTenSecondsHoweverOftenTheDispatcherComesAndGoes() {
        for (int i = 0; i < 30; i++) {
            dispatcher.answer(ERROR);
            engage("a" + i);
            clock.advance(Duration.ofSeconds(1));
            dispatcher.answer(RELAY);
            engage("b" + i);
        }
        clock.advance(Duration.ofSeconds(1));
        engage("last");

        assertThat(logged.lines(Level.WARNING)).hasSize(3);
        assertThat(logged.lines(Level.INFO)).hasSize(6);
        assertThat(mediaProxy.counters().callsWithoutRelay()).isEqualTo(30);
    }

    @Test
    void shouldCountACallOnceAndTheRequestsOfSingleMessages() {
        dispatcher.answer(ERROR);
        Call call = new Call("c1");
        calls.follow(call.invite(AUDIO));
        mediaProxy.engageMediaProxy(call.invite(AUDIO));
        calls.follow(call.response(200, AUDIO));
        calls.follow(call.reInvite(2, AUDIO));
        assertThat(mediaProxy.counters().callsWithoutRelay()).isEqualTo(1);

        mediaProxy.useMediaProxy(new Call("c2").invite(AUDIO));
        mediaProxy.useMediaProxy(new Call("c2").response(200, AUDIO));
        assertThat(mediaProxy.counters().callsWithoutRelay()).isEqualTo(2);
    }

    @Test
    void shouldNotCountCallsThatHaveNothingToRelay() {
        dispatcher.answer(RELAY);
        mediaProxy.engageMediaProxy(new Call("c1").invite(AUDIO.replace("IP4 10.0.0.1", "IP6 2001:db8::1")));
        mediaProxy.engageMediaProxy(new Call("c2").invite(""));

        assertThat(mediaProxy.counters()).isEqualTo(new Counters(0, 0, 0, 0, 0, 0));
        assertThat(logged.lines(Level.INFO)).isEmpty();
    }

    @Test
    void shouldCountAndLogAnExchangeThatIsRelayedInHalf() {
        dispatcher.answer(RELAY);
        Call call = new Call("c1");
        mediaProxy.engageMediaProxy(call.invite(AUDIO));
        dispatcher.answer(ERROR);
        calls.follow(call.response(183, AUDIO));
        calls.follow(call.response(200, AUDIO));

        assertThat(mediaProxy.counters().halfRelayedExchanges()).isEqualTo(1);
        assertThat(mediaProxy.counters().callsWithoutRelay()).isZero();
        assertThat(logged.lines(Level.INFO))
                .singleElement()
                .asString()
                .startsWith("WARNING call c1: its answer goes on without a relay although its offer has one");
    }

    @Test
    void shouldNotTakeACallThatKeepsItsRelayForTheEnd() {
        dispatcher.answer(RELAY);
        Call call = new Call("c1");
        calls.follow(call.invite(AUDIO));
        mediaProxy.engageMediaProxy(call.invite(AUDIO));
        calls.follow(call.response(200, AUDIO));
        dispatcher.answer(ERROR);
        engage("c2");
        clock.advance(Duration.ofSeconds(5));

        assertThat(calls.follow(call.reInvite(2, AUDIO)).outcome()).isEqualTo(Outcome.KEPT_RELAY);

        assertThat(logged.lines(Level.INFO)).singleElement().asString().startsWith("WARNING calls go on without");
        assertThat(mediaProxy.counters().callsWithoutRelay()).isEqualTo(1);
    }

    private void engage(String callId) {
        mediaProxy.engageMediaProxy(new Call(callId).invite(AUDIO));
    }
}

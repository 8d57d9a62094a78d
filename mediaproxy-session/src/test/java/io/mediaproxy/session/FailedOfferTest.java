package io.mediaproxy.session;

import static io.mediaproxy.session.Call.AUDIO;
import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.session.sip.SipMessageView;
import io.mediaproxy.testing.ManualClock;
import io.mediaproxy.testing.ScriptedDispatcher;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An offer goes on without a relay: the callee has read it, so neither its retransmission nor its answer gets one. */
class FailedOfferTest {
    private static final String RELAY = "10.1.1.1 20000\r\n";
    private static final String ERROR = "error\r\n";

    private final ManualClock clock = new ManualClock();
    private final ScriptedDispatcher dispatcher = ScriptedDispatcher.answering();
    private boolean signalingFails;
    private final MediaProxy mediaProxy = mediaProxy("");
    private final EngagedCalls calls = mediaProxy.engagedCalls();
    private final Call call = new Call("c1");

    private MediaProxy mediaProxy(String relay) {
        BiFunction<SipMessageView, CallAttributes, String> signalingIp = (message, attributes) -> {
            if (signalingFails) {
                throw new IllegalStateException("no database");
            }
            return message.sourceAddress();
        };
        return MediaProxy.builder()
                .dispatcherSocket(dispatcher.socket())
                .dispatcher(config -> config.clock(clock))
                .signalingIp(signalingIp)
                .mediaRelay(relay)
                .build();
    }

    @AfterEach
    void close() {
        mediaProxy.close();
        dispatcher.close();
    }

    @Test
    void shouldKeepTheFailureForRetransmissionsOfTheOffer() {
        dispatcher.answer(ERROR);
        assertThat(mediaProxy.engageMediaProxy(call.invite(AUDIO)).outcome()).isEqualTo(Outcome.FAILED);
        dispatcher.answer(RELAY);

        MediaProxyResult again = mediaProxy.engageMediaProxy(call.invite(AUDIO));

        assertThat(again.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(again.reason()).isEqualTo("the first copy of this message went on without a relay");
        assertThat(calls.follow(call.response(200, AUDIO)).outcome()).isEqualTo(Outcome.FAILED);
        assertThat(dispatcher.commands()).isEmpty();
    }

    @Test
    void shouldTryAgainWithTheNextOffer() {
        dispatcher.answer(ERROR);
        mediaProxy.engageMediaProxy(call.invite(AUDIO));
        calls.follow(call.response(200, AUDIO));
        dispatcher.answer(RELAY);

        assertThat(calls.follow(call.reInvite(2, AUDIO)).outcome()).isEqualTo(Outcome.REWRITTEN);
        assertThat(calls.follow(call.response(200, "2 INVITE", AUDIO)).outcome())
                .isEqualTo(Outcome.REWRITTEN);
    }

    @Test
    void shouldKeepAFailureOfTheApplicationToo() {
        dispatcher.answer(RELAY);
        signalingFails = true;
        assertThat(mediaProxy.engageMediaProxy(call.invite(AUDIO)).outcome()).isEqualTo(Outcome.FAILED);
        signalingFails = false;

        assertThat(mediaProxy.engageMediaProxy(call.invite(AUDIO)).outcome()).isEqualTo(Outcome.FAILED);
        assertThat(calls.follow(call.response(200, AUDIO)).outcome()).isEqualTo(Outcome.FAILED);
    }

    @Test
    void shouldKeepTheFailureForRetransmissionsOfAnAnswer() {
        dispatcher.answer(RELAY);
        mediaProxy.engageMediaProxy(call.invite(AUDIO));
        dispatcher.answer(ERROR);
        assertThat(calls.follow(call.response(200, AUDIO)).outcome()).isEqualTo(Outcome.FAILED);
        dispatcher.answer(RELAY);

        assertThat(calls.follow(call.response(200, AUDIO)).outcome()).isEqualTo(Outcome.FAILED);
    }

    @Test
    void shouldStayAtTheRelayOfTheCallWhateverIsConfigured() {
        dispatcher.answer(RELAY);
        try (MediaProxy configured = mediaProxy("10.9.9.9")) {
            configured.engageMediaProxy(call.invite(AUDIO));
            assertThat(dispatcher.commands().get(0)).contains("media_relay: 10.9.9.9\r\n");
            configured.engagedCalls().follow(call.response(200, AUDIO));
            configured.engagedCalls().follow(call.reInvite(2, AUDIO));

            assertThat(dispatcher.commands()).hasSize(3);
            assertThat(dispatcher.commands().subList(1, 3))
                    .allSatisfy(command -> assertThat(command).contains("media_relay: 10.1.1.1\r\n"));
        }
    }
}

package io.mediaproxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.sdp.RelayEndpoints;
import io.mediaproxy.session.OfferAnswer.Exchange;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RelayPairingTest {
    private static final String RELAY = "192.0.2.7";
    private static final long LATER = TimeUnit.MINUTES.toNanos(2);

    private final RelayPairing ofCaller = new RelayPairing(new Exchange(Side.CALLER, 1, Side.CALLER));
    private final RelayPairing ofCallee = new RelayPairing(new Exchange(Side.CALLER, 1, Side.CALLEE));

    @Test
    void shouldAcceptAdjacentPairs() {
        ofCaller.offered(at(RELAY, 40002, 40006), 0);
        ofCallee.offered(at(RELAY, 40000), 0);

        assertThat(ofCaller.answered(at(RELAY, 40000, 40004), LATER)).isNull();
        assertThat(ofCallee.answered(at(RELAY, 40002), LATER)).isNull();
    }

    @Test
    void shouldNotSuspectAnEarlyAnswer() {
        ofCaller.offered(at(RELAY, 40002), 0);

        assertThat(ofCaller.answered(at(RELAY, 40038), TimeUnit.SECONDS.toNanos(29)))
                .isNull();
    }

    @Test
    void shouldReportALateAnswerOfAnotherSession() {
        ofCaller.offered(at(RELAY, 40002), 0);

        assertThat(ofCaller.answered(at(RELAY, 40004), LATER))
                .contains("expired", "192.0.2.7 40004", "192.0.2.7 40002", "a new offer mends it");
    }

    @Test
    void shouldReportAnAnswerOnAnotherRelayHoweverEarly() {
        ofCaller.offered(at(RELAY, 40002), 0);

        assertThat(ofCaller.answered(at("192.0.2.8", 40000), 0)).contains("expired");
    }

    @Test
    void shouldCompareAnswersWithEachOther() {
        ofCaller.offered(at(RELAY, 40002), 0);
        assertThat(ofCaller.answered(at(RELAY, 40038), 0)).isNull();

        assertThat(ofCaller.answered(at(RELAY, 40038), LATER)).isNull();
        assertThat(ofCaller.answered(at(RELAY, 40040), 1)).contains("expired");
    }

    @Test
    void shouldIgnoreDisabledAndMissingStreams() {
        ofCaller.offered(at(RELAY, 40002, 40006, 0), 0);

        assertThat(ofCaller.answered(at(RELAY, 40000, 0), LATER)).isNull();
    }

    @Test
    void shouldReportNothingWithoutAnOffer() {
        assertThat(ofCaller.answered(at(RELAY, 40000), LATER)).isNull();
    }

    private static RelayEndpoints at(String address, int... ports) {
        return RelayEndpoints.of(address, ports);
    }
}

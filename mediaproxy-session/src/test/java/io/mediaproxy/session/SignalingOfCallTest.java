package io.mediaproxy.session;

import static io.mediaproxy.session.Call.AUDIO;
import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.embedded.report.SessionStatistics;
import io.mediaproxy.protocol.Signaling;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The values of {@link Signaling} in the statistics of the relay. */
class SignalingOfCallTest {
    private static final Signaling ALICE =
            Signaling.from("192.0.2.1").to("192.0.2.2").username("alice \"A\" \u00fc@example.com");
    private static final Signaling OTHER = Signaling.from("192.0.2.1").username("other");

    private final EmbeddedDispatcher dispatcher = EmbeddedDispatcher.start();
    private final MediaProxy mediaProxy = MediaProxy.builder()
            .dispatcherSocket(dispatcher.socket())
            .timeout(Duration.ofSeconds(20))
            .build();
    private final Call call = new Call("c1");

    @AfterEach
    void close() {
        mediaProxy.close();
        dispatcher.close();
    }

    @Test
    void shouldShowTheUserOfAnEngagedCall() {
        CallAttributes attributes = CallAttributes.NONE.withSignaling(ALICE);

        assertThat(mediaProxy.engageMediaProxy(call.invite(AUDIO), attributes).outcome())
                .isEqualTo(Outcome.REWRITTEN);
        assertThat(mediaProxy.engagedCalls().follow(call.response(200, AUDIO)).outcome())
                .isEqualTo(Outcome.REWRITTEN);

        assertThat(dispatcher.sessions())
                .extracting(SessionStatistics::username)
                .containsExactly(ALICE.username());
    }

    @Test
    void shouldKeepTheUserOfTheMessageThatCreatedTheSession() {
        mediaProxy.useMediaProxy(call.invite(AUDIO), CallAttributes.NONE.withSignaling(ALICE));
        mediaProxy.useMediaProxy(call.response(200, AUDIO), CallAttributes.NONE.withSignaling(OTHER));

        assertThat(dispatcher.sessions())
                .extracting(SessionStatistics::username)
                .containsExactly(ALICE.username());
    }

    @Test
    void shouldAcceptAPlainAddress() {
        MediaProxyResult result = mediaProxy.useMediaProxy(
                call.invite(AUDIO), CallAttributes.NONE.withSignaling(Signaling.from("2001:db8::1")));

        assertThat(result.outcome()).isEqualTo(Outcome.REWRITTEN);
        assertThat(dispatcher.sessions())
                .extracting(SessionStatistics::username)
                .containsOnlyNulls();
    }
}

package io.mediaproxy.session;

import static io.mediaproxy.session.Call.AUDIO;
import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.embedded.report.Fault;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** With {@code use_media_proxy} too, an answer gets no relay if its offer has none: only one side would be heard. */
class HalfRelayedMessagesTest {
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

    private void assertFailed(MediaProxyResult result) {
        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
    }

    private void assertRelayed(MediaProxyResult result) {
        assertThat(result.outcome()).isEqualTo(Outcome.REWRITTEN);
    }

    @Test
    void shouldNotRelayTheAnswerToAnOfferWithoutRelay() {
        dispatcher.inject(new Fault.ReplyError());
        assertFailed(mediaProxy.useMediaProxy(call.invite(AUDIO)));

        assertFailed(mediaProxy.useMediaProxy(call.response(183, AUDIO)));
        MediaProxyResult answer = mediaProxy.useMediaProxy(call.response(200, AUDIO));
        assertThat(answer.reason()).isEqualTo("the offer that this answers got no relay");
        assertFailed(answer);
        assertThat(dispatcher.sessions()).isEmpty();
    }

    @Test
    void shouldRelayBothSidesIfTheOfferWasSentAgain() {
        dispatcher.inject(new Fault.ReplyError());
        assertFailed(mediaProxy.useMediaProxy(call.invite(AUDIO)));

        assertRelayed(mediaProxy.useMediaProxy(call.invite(AUDIO)));
        assertRelayed(mediaProxy.useMediaProxy(call.response(200, AUDIO)));
    }

    @Test
    void shouldAskAgainForAnAnswerThatGotNoRelay() {
        assertRelayed(mediaProxy.useMediaProxy(call.invite(AUDIO)));
        dispatcher.inject(new Fault.ReplyError());
        assertFailed(mediaProxy.useMediaProxy(call.response(183, AUDIO)));

        assertRelayed(mediaProxy.useMediaProxy(call.response(200, AUDIO)));
    }
}

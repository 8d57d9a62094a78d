package io.mediaproxy.pkts;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.embedded.report.ReceivedCommand;
import io.mediaproxy.session.CallAttributes;
import io.mediaproxy.session.MediaProxy;
import io.mediaproxy.session.Outcome;
import io.pkts.packet.sip.SipMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A call with a separate dispatcher and relay. */
class PktsCallTest {
    private static final int LONG = 20;

    /** The dispatcher does nothing until this is open. */
    private final CountDownLatch gate = new CountDownLatch(1);

    private final EmbeddedDispatcher dispatcher =
            EmbeddedDispatcher.builder().commandListener(this::waitAtTheGate).start();
    private final MediaProxy mediaProxy = MediaProxy.builder()
            .dispatcherSocket(dispatcher.socket())
            .timeout(Duration.ofSeconds(LONG))
            .build();
    private final PktsMediaProxy pkts = new PktsMediaProxy(mediaProxy);

    @AfterEach
    void stop() {
        gate.countDown();
        mediaProxy.close();
        dispatcher.close();
    }

    private void waitAtTheGate(ReceivedCommand command) {
        try {
            assertThat(gate.await(LONG, SECONDS)).as(command.name()).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldRelayACallAndRemoveItsSession() throws IOException {
        gate.countDown();

        PktsResult offer = pkts.useMediaProxy(invite(), "127.0.0.1");
        PktsResult answer = pkts.useMediaProxy(ok(), "127.0.0.1");

        assertThat(offer.result().outcome()).isEqualTo(Outcome.REWRITTEN);
        assertThat(offer.message().getContent().toString())
                .contains("c=IN IP4 127.0.0.1\r\n")
                .doesNotContain("5012");
        assertThat(answer.result().outcome()).isEqualTo(Outcome.REWRITTEN);
        assertThat(dispatcher.sessions())
                .singleElement()
                .satisfies(session -> assertThat(session.toTag()).isEqualTo("bob"));

        assertThat(pkts.endMediaSession(bye()).outcome()).isEqualTo(Outcome.REMOVED);
        assertThat(dispatcher.sessions()).isEmpty();
        assertThat(pkts.endMediaSession(bye()).outcome()).isEqualTo(Outcome.UNKNOWN_SESSION);
    }

    @Test
    void shouldRelayACallWithItsSession() throws IOException {
        gate.countDown();
        PktsMediaSession session = pkts.session("c1", "alice");

        PktsResult offer = session.offer(invite(), "127.0.0.1");
        PktsResult answer = session.answer(ok(), "127.0.0.1");

        assertThat(offer.message().getContent().toString()).contains("c=IN IP4 127.0.0.1\r\n");
        assertThat(answer.message().getContent().toString()).contains("c=IN IP4 127.0.0.1\r\n");
        assertThat(dispatcher.sessions()).hasSize(1);
        assertThat(session.end().outcome()).isEqualTo(Outcome.REMOVED);
        assertThat(session.end().outcome()).isEqualTo(Outcome.CALL_ENDED);
        assertThat(dispatcher.sessions()).isEmpty();
    }

    @Test
    void shouldNotBlockOnTheDispatcher() throws Exception {
        CompletableFuture<PktsResult> offer = pkts.useMediaProxyAsync(invite(), "127.0.0.1", CallAttributes.NONE);
        CompletableFuture<Outcome> end = pkts.endMediaSessionAsync(bye()).thenApply(result -> result.outcome());

        assertThat(offer).isNotDone();
        assertThat(end).isNotDone();
        gate.countDown();

        assertThat(offer.get(LONG, SECONDS).message().getContent().toString()).contains("c=IN IP4 127.0.0.1\r\n");
        assertThat(end.get(LONG, SECONDS)).isEqualTo(Outcome.REMOVED);
    }

    private static SipMessage invite() throws IOException {
        return message("INVITE sip:bob@b.example SIP/2.0", "", "1 INVITE", sdp("10.0.0.1", 5012));
    }

    private static SipMessage ok() throws IOException {
        return message("SIP/2.0 200 OK", ";tag=bob", "1 INVITE", sdp("10.0.0.2", 5014));
    }

    private static SipMessage bye() throws IOException {
        return message("BYE sip:bob@b.example SIP/2.0", ";tag=bob", "2 BYE", "");
    }

    private static String sdp(String address, int port) {
        return "v=0\r\no=- 1 1 IN IP4 " + address + "\r\ns=-\r\nc=IN IP4 " + address + "\r\nt=0 0\r\nm=audio " + port
                + " RTP/AVP 0\r\n";
    }

    private static SipMessage message(String startLine, String toTag, String cseq, String sdp) throws IOException {
        String text = startLine + "\r\nFrom: <sip:alice@a.example>;tag=alice\r\nTo: <sip:bob@b.example>" + toTag
                + "\r\nCall-ID: c1\r\nCSeq: " + cseq + "\r\nContent-Type: application/sdp\r\nContent-Length: "
                + sdp.length() + "\r\n\r\n" + sdp;
        return SipMessage.frame(text.getBytes(StandardCharsets.UTF_8));
    }
}

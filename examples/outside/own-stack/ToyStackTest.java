package outside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mediaproxy.junit.MediaProxyExtension;
import io.mediaproxy.session.MediaProxy;
import io.mediaproxy.session.MediaProxyResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page's message and its view, and the bytes of a message without a stack. */
class ToyStackTest {
    private static final String SDP = "v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\n"
            + "m=audio 40000 RTP/AVP 0\r\n";

    @RegisterExtension
    static final MediaProxyExtension media = MediaProxyExtension.builder().build();

    private static Media.MyMessage message(String method, int cseq, String sdp) {
        return new Media.MyMessage(
                method,
                0,
                Map.of(
                        "i", List.of("call-1"),
                        "CSeq", List.of(cseq + " " + method),
                        "f", List.of("<sip:alice@example.org>;tag=a"),
                        "To", List.of("<sip:bob@example.org>"),
                        "c", List.of("application/sdp")),
                sdp.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldRelayAMessageOfTheToyStack() {
        try (MediaProxy mediaProxy = media.mediaProxy().build()) {
            MediaProxyResult result =
                    mediaProxy.useMediaProxy(new Media.MyMessageView(message("INVITE", 1, SDP), "198.51.100.7"));

            String sdp = new String(result.body().orElseThrow(), StandardCharsets.UTF_8);
            assertTrue(sdp.contains("c=IN IP4 127.0.0.1\r\n"), sdp);
            assertFalse(sdp.contains("m=audio 40000 "), sdp);

            MediaProxyResult end =
                    mediaProxy.endMediaSession(new Media.MyMessageView(message("BYE", 2, ""), "198.51.100.7"));
            assertEquals(1, end.returnCode(), end.reason());
            media.awaitSessions(0, Duration.ofSeconds(20));
        }
    }

    @Test
    void shouldRelayTheBytesOfAMessage() {
        String invite = "INVITE sip:bob@example.org SIP/2.0\r\nCall-ID: call-2\r\nCSeq: 1 INVITE\r\n"
                + "From: <sip:alice@example.org>;tag=a\r\nTo: <sip:bob@example.org>\r\n"
                + "Content-Type: application/sdp\r\nContent-Length: " + SDP.length() + "\r\n\r\n" + SDP;
        String bye = "BYE sip:bob@example.org SIP/2.0\r\nCall-ID: call-2\r\nCSeq: 2 BYE\r\n"
                + "From: <sip:alice@example.org>;tag=a\r\nTo: <sip:bob@example.org>;tag=b\r\n\r\n";
        try (MediaProxy mediaProxy = media.mediaProxy().build()) {
            byte[] onward = new Media(media.socket())
                    .relayed(mediaProxy, invite.getBytes(StandardCharsets.UTF_8), "198.51.100.7");
            assertTrue(new String(onward, StandardCharsets.UTF_8).contains("c=IN IP4 127.0.0.1\r\n"));

            mediaProxy.endMediaSession(io.mediaproxy.session.sip.RawSipMessage.parse(
                    bye.getBytes(StandardCharsets.UTF_8), "198.51.100.7"));
            media.awaitSessions(0, Duration.ofSeconds(20));
        }
    }
}

package io.mediaproxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.sdp.IceCandidate;
import io.mediaproxy.sdp.RelayEndpoints;
import io.mediaproxy.session.sip.RawSipMessage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** One body, without a dispatcher. */
class MessageSdpTest {
    private static final RelayEndpoints RELAY = RelayEndpoints.of("81.23.228.129", 50000, 50004);
    private static final String SESSION = "v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\n";
    private static final String AUDIO = "m=audio 5012 RTP/AVP 0\r\n";
    private static final String VIDEO = "m=video 5014 RTP/AVP 97\r\n";

    @Test
    void shouldNameTheStreamsThatKeepTheirAddress() {
        String ipv6 = SESSION + AUDIO + VIDEO + "c=IN IP6 2001:db8::1\r\n";
        String ended = SESSION + AUDIO + "a=remote-candidates:1 192.0.2.1 8998\r\n" + VIDEO;

        MediaProxyResult left = request(ipv6).rewritten(RELAY, IceCandidate.NONE);
        MediaProxyResult agreed = request(ended).rewritten(RELAY, IceCandidate.NONE);

        assertThat(left.unrelayedStreams()).containsExactly(1);
        assertThat(left.reason())
                .isEqualTo("relay 81.23.228.129 50000 50004; the streams [1] are not relayed: IPv6 address");
        assertThat(agreed.unrelayedStreams()).containsExactly(0);
        assertThat(agreed.reason()).endsWith("the streams [0] are not relayed: ICE has found its path");
    }

    @Test
    void shouldDescribeAStreamThatItLeavesAloneInItsPlace() {
        MessageSdp sdp = request(SESSION + AUDIO + "c=IN IP6 ::1\r\n" + VIDEO);

        assertThat(sdp.streams()).extracting("address").containsExactly("0.0.0.1", "10.0.0.1");
        assertThat(sdp.streams()).extracting("port").containsExactly(0, 5014);
    }

    @Test
    void shouldLeaveThoseStreamsOfAnAnswerAloneThatItsOfferLeftAlone() {
        MessageSdp offer = request(SESSION + AUDIO + "a=remote-candidates:1 192.0.2.1 8998\r\n" + VIDEO);
        MessageSdp answer = response(SESSION + AUDIO + VIDEO);

        answer.leaveAlone(offer.streamsLeftAlone());

        assertThat(body(answer.rewritten(RELAY, IceCandidate.NONE)))
                .contains("m=audio 5012 RTP/AVP 0\r\nc=IN IP4 10.0.0.1\r\n")
                .contains("m=video 50004 RTP/AVP 97\r\nc=IN IP4 81.23.228.129\r\n");
        answer.leaveAlone(List.of(2, 31)); // An answer with fewer streams has none in these places.
        assertThat(answer.streamsLeftAlone()).containsExactly(0);
    }

    @Test
    void shouldFindThatIceHasEndedOnlyIfAllLiveStreamsSaySo() {
        String ended = "a=remote-candidates:1 192.0.2.1 8998\r\n";

        assertThat(request(SESSION + AUDIO + ended + VIDEO).endsIce()).isFalse();
        assertThat(request(SESSION + AUDIO + ended + VIDEO + ended).endsIce()).isTrue();
        assertThat(request(SESSION + AUDIO + ended + "m=video 0 RTP/AVP 97\r\n").endsIce())
                .isTrue();
        assertThat(request(SESSION + AUDIO + VIDEO + "c=IN IP6 ::1\r\n").endsIce())
                .isFalse();
        assertThat(response(SESSION + AUDIO + ended).endsIce()).isFalse();
    }

    @Test
    void shouldSeeThatItsMediaGoToTheRelayAlready() {
        String relayed = SESSION.replace("10.0.0.1", "81.23.228.129") + "m=audio 50000 RTP/AVP 0\r\n";

        assertThat(request(relayed + "m=video 50004 RTP/AVP 97\r\n").leadsTo(RELAY))
                .isTrue();
        assertThat(request(relayed + "m=video 5014 RTP/AVP 97\r\nc=IN IP6 ::1\r\n")
                        .leadsTo(RELAY))
                .isTrue();
        assertThat(request(relayed + "m=video 50000 RTP/AVP 97\r\n")
                        .leadsTo(RelayEndpoints.of("81.23.228.129", 50000, 0)))
                .isTrue();
        assertThat(request(relayed + "m=video 50008 RTP/AVP 97\r\n").leadsTo(RELAY))
                .isFalse();
        assertThat(request(SESSION + "m=audio 50000 RTP/AVP 0\r\n").leadsTo(RELAY))
                .isFalse();
    }

    @Test
    void shouldSayWhyABodyIsLeftAlone() {
        assertThat(obstacle("Content-Encoding: deflate\r\n")).isEqualTo("the body has Content-Encoding deflate");
        assertThat(obstacle("e: gzip\r\n")).isEqualTo("the body has Content-Encoding gzip");
        assertThat(obstacle("Content-Disposition: early-session\r\n"))
                .isEqualTo("the body has Content-Disposition early-session");
    }

    /**
     * 31 streams take over an address of 253 bytes; the body of 64 KiB would then be larger than what can be read
     * again.
     */
    @Test
    void shouldRefuseANewBodyThatWouldBeLargerThanTheLimit() {
        String name = "h".repeat(253);
        String streams = "m=message 7394 TCP/MSRP *\r\n".repeat(31) + AUDIO;
        String sdp = SESSION.replace("c=IN IP4 10.0.0.1", "c=IN IP4 " + name) + streams;
        String filler = ("a=x:" + "x".repeat(994) + "\r\n").repeat((65_536 - sdp.length()) / 1000);

        assertThat(body(request(sdp).rewritten(RELAY, IceCandidate.NONE))).hasSizeLessThan(sdp.length() + 32 * 300);
        MediaProxyResult result = request(sdp + filler).rewritten(RELAY, IceCandidate.NONE);

        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.reason())
                .matches("the new body would have \\d+ bytes, allowed are 65536 \\(line 1, offset 0\\)");
        assertThat(result.body()).isEmpty();
    }

    private static String obstacle(String header) {
        MessageSdp sdp = MessageSdp.of(message("INVITE sip:bob@example.org SIP/2.0\r\n" + header, SESSION + AUDIO));
        return Objects.requireNonNull(sdp.obstacle()).reason();
    }

    private static MessageSdp request(String sdp) {
        return MessageSdp.of(message("INVITE sip:bob@example.org SIP/2.0\r\n", sdp));
    }

    private static MessageSdp response(String sdp) {
        return MessageSdp.of(message("SIP/2.0 200 OK\r\n", sdp));
    }

    private static RawSipMessage message(String start, String sdp) {
        String text = start + "CSeq: 1 INVITE\r\nContent-Type: application/sdp\r\nContent-Length: " + sdp.length()
                + "\r\n\r\n" + sdp;
        return RawSipMessage.parse(text.getBytes(StandardCharsets.US_ASCII), "192.0.2.1");
    }

    private static String body(MediaProxyResult result) {
        return new String(result.body().orElseThrow(), StandardCharsets.US_ASCII);
    }
}

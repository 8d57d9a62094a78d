package io.mediaproxy.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SdpIndexTest {
    private static final String SESSION = "v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\n";

    private final SdpIndex index = new SdpIndex();

    @Test
    void shouldReadEveryKindOfLine() {
        parse(SESSION
                + "a=ice-ufrag:8hhY\r\na=ice-pwd:asd88fgpdd777uzjYhagZg\r\na=recvonly"
                + "\r\nm=audio 5012/1 RTP/AVP 0\r\na=candidate:1 1 UDP 1 10.0.0.1 5012 typ host\r\na=SendOnly"
                + "\r\nm=video 0 udp 1\r\nc=IN IP6 2001:db8::1\r\na=rtcp:5013 IN IP4 10.0.0.1"
                + "\r\nm=message 7394 TCP/MSRP *\r\n");

        assertThat(index.streamCount()).isEqualTo(3);
        assertThat(index.supportedCount()).isEqualTo(2);
        assertThat(index.type(0)).isEqualTo("audio");
        assertThat(index.port(0)).isEqualTo(5012);
        assertThat(index.transport(0)).isEqualTo("RTP/AVP");
        assertThat(index.address(0)).isEqualTo("10.0.0.1");
        assertThat(index.addressType(0)).isEqualTo("IP4");
        assertThat(index.addressLine(0)).isEqualTo(4);
        assertThat(index.direction(0)).isEqualTo("sendonly");
        assertThat(index.hasIce(0)).isTrue();
        assertThat(index.rtcpPort(0)).isEqualTo(-1);
        assertThat(index.line(1)).isEqualTo(12);
        assertThat(index.address(1)).isEqualTo("2001:db8::1");
        assertThat(index.addressType(1)).isEqualTo("IP6");
        assertThat(index.direction(1)).isEqualTo("recvonly");
        assertThat(index.hasIce(1)).isTrue();
        assertThat(index.rtcpPort(1)).isEqualTo(5013);
        assertThat(index.isSupported(2)).isFalse();
        assertThat(index.hasRemoteCandidates(0)).isFalse();
    }

    @Test
    void shouldReturnTheNullAddressIfADisabledStreamHasNone() {
        parse("v=0\r\nm=audio 0 RTP/AVP 0\r\n");

        assertThat(index.address(0)).isEqualTo("0.0.0.0");
        assertThat(index.addressType(0)).isEqualTo("IP4");
        assertThat(index.addressLine(0)).isZero();
    }

    @Test
    void shouldFindRemoteCandidates() {
        parse(SESSION + "m=audio 5012 RTP/AVP 0\r\na=remote-candidates:1 192.0.2.1 8998\r\n");

        assertThat(index.hasRemoteCandidates(0)).isTrue();
    }

    @Test
    void shouldReplaceThePreviousBody() {
        parse(SESSION
                + "a=ice-ufrag:x\r\na=ice-pwd:y\r\nm=audio 5012 RTP/AVP 0\r\na=rtcp:9"
                + "\r\na=remote-candidates:1 x 1\r\n");

        parse("v=0\r\nm=audio 1 RTP/AVP 0\r\nc=IN IP4 10.0.0.2\r\na=candidate:1 1 UDP 1 10.0.0.1 5012 typ host\r\n");

        assertThat(index.address(0)).isEqualTo("10.0.0.2");
        assertThat(index.rtcpPort(0)).isEqualTo(-1);
        assertThat(index.hasIce(0)).isFalse();
        assertThat(index.hasRemoteCandidates(0)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7})
    void shouldReadTheSameAtAnyOffset(int offset) {
        byte[] sdp = bytes(SESSION + "m=audio 5012 RTP/AVP 0\r\na=rtcp:5013 IN IP4 10.0.0.1\r\na=inactive");
        byte[] poisoned = new byte[sdp.length + offset + 16];
        // Poison that would change the result if one byte too many were read: digits, an LF, an m= line.
        byte[] poison = bytes("9\nm=9 9 RTP\nv=9\n");
        for (int i = 0; i < poisoned.length; i++) {
            poisoned[i] = poison[i % poison.length];
        }
        System.arraycopy(sdp, 0, poisoned, offset, sdp.length);
        byte[] before = poisoned.clone();

        index.parse(poisoned, offset, sdp.length);

        assertThat(index.streamCount()).isEqualTo(1);
        assertThat(index.port(0)).isEqualTo(5012);
        assertThat(index.rtcpPort(0)).isEqualTo(5013);
        assertThat(index.direction(0)).isEqualTo("inactive");
        assertThat(poisoned).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "s=-\\nm=audio 1 RTP/AVP 0\\n | no v= line: this is not SDP (line 1, offset 0) | 0 | 1",
                "v=0\\nv=0\\n | a second v= line: one SDP describes one session (line 2, offset 4) | 4 | 2",
                "v=0\\nm=audio 1\\n | an m= line has a media "
                        + "type, a port and a transport, not \"m=audio 1\" (line 2, offset 4) | 4 | 2",
                "v=0\\nm=audio 1x RTP/AVP 0\\n | a port is a "
                        + "number from 0 to 65535, not \"1x\" (line 2, offset 12) | 12 | 2",
                "v=0\\nm=audio 65536 RTP/AVP 0\\n | a port is "
                        + "a number from 0 to 65535, not \"65536\" (line 2, offset 12) | 12 | 2",
                "v=0\\nm=audio 99999999999 RTP/AVP 0\\n | a "
                        + "port is a number from 0 to 65535, not \"99999999999\" (line 2, offset 12) | 12 | 2",
                "v=0\\nm=audio 1/2 RTP/AVP 0\\n | a relay carries "
                        + "one port of a stream, not \"1/2\" (line 2, offset 12) | 12 | 2",
                "v=0\\nm=audio 1 RTP/AVP 0\\n | neither this "
                        + "stream nor the session has an address (c= line) (line 2, offset 4) | 4 | 2",
                "v=0\\nc=IN IP4\\nm=audio 1 RTP/AVP 0\\n | a "
                        + "c= line has a network type, an address "
                        + "type and an address, not \"c=IN IP4\" (line 2, offset 4) | 4 | 2",
                "v=0\\nc=IN IP4 224.2.1.1/127\\nm=audio 1 RTP/AVP "
                        + "0\\n | a relay has no multicast address \"224.2.1.1/127\" (line 2, offset 13) | 13 | 2"
            })
    void shouldReportTheErrorAndItsPosition(String sdp, String message, int offset, int line) {
        byte[] body = bytes(sdp.replace("\\n", "\n"));

        assertThatExceptionOfType(SdpSyntaxException.class)
                .isThrownBy(() -> index.parse(body, 0, body.length))
                .withMessage(message)
                .satisfies(e -> {
                    assertThat(e.offset()).isEqualTo(offset);
                    assertThat(e.line()).isEqualTo(line);
                });
        assertThat(index.streamCount()).isZero();
    }

    @Test
    void shouldCountOffsetsFromTheStartOfTheSdp() {
        byte[] body = bytes("xxxxxxxv=0\nm=audio 1\n");

        assertThatExceptionOfType(SdpSyntaxException.class)
                .isThrownBy(() -> index.parse(body, 7, body.length - 7))
                .satisfies(e -> assertThat(e.offset()).isEqualTo(4));
    }

    @Test
    void shouldEscapeAndCutQuotedText() {
        byte[] body = bytes("v=0\nm=audio \u0001\"%s" + "x".repeat(100) + " RTP/AVP 0\n");

        assertThatExceptionOfType(SdpSyntaxException.class)
                .isThrownBy(() -> index.parse(body, 0, body.length))
                .withMessage("a port is a number from 0 to 65535, not \"\\x01\\x22%s" + "x".repeat(60)
                        + "\"... (line 2, offset 12)");
    }

    @Test
    void shouldNotValidateUnsupportedStreams() {
        parse(SESSION
                + "m=message 7394/2 TCP/MSRP *\r\nc=IN IP4\r\nm=application x TCP/BFCP *"
                + "\r\nc=IN IP4 224.2.1.1/127\r\n");

        assertThat(index.streamCount()).isEqualTo(2);
        assertThat(index.supportedCount()).isZero();
    }

    @Test
    void shouldEnforceTheLimits() {
        SdpIndex limited = new SdpIndex(new SdpLimits(200, 2, 40));
        byte[] twoStreams = bytes("v=0\nc=IN IP4 1.2.3.4\nm=audio 1 RTP 0\nm=audio 3 RTP 0\n");
        limited.parse(twoStreams, 0, twoStreams.length);
        assertThat(limited.streamCount()).isEqualTo(2);

        assertRefused(
                limited,
                new String(twoStreams, StandardCharsets.US_ASCII) + "m=audio 5 RTP 0\n",
                "more than 2 streams (line 5,");
        assertRefused(
                limited, "v=0\n" + "x".repeat(41) + "\n", "a line of 41 bytes, allowed are 40 (line 2, offset 4)");
        assertRefused(
                limited, "v=0\n" + "\n".repeat(197), "the body has 201 bytes, allowed are 200 (line 1, offset 0)");
    }

    @Test
    void shouldGrowToTheLimitOfStreams() {
        byte[] full = bytes(SESSION + "m=audio 1 RTP/AVP 0\r\n".repeat(32));
        index.parse(full, 0, full.length);

        assertThat(index.streamCount()).isEqualTo(32);
        assertThat(index.port(31)).isEqualTo(1);
        assertRefused(index, SESSION + "m=x 1 TCP y\r\n".repeat(33), "more than 32 streams (line 38,");
    }

    @Test
    void shouldRefuseATooLongAddress() {
        assertRefused(
                index,
                "v=0\nc=IN IP4 " + " ".repeat(300) + "10.0.0.1\nm=audio 1 RTP/AVP 0\n",
                "a c= line ends its address within 300 bytes, not 317 (line 2, offset 313)");
    }

    @Test
    void shouldAcceptACrAloneAtTheEnd() {
        parse("v=0\r\nm=audio 1 RTP/AVP 0\r\nc=IN IP4 10.0.0.1\r");

        assertThat(index.address(0)).isEqualTo("10.0.0.1");
    }

    /** Software that translates LF to CR LF twice writes such lines. */
    @Test
    void shouldReadLinesThatEndInTwoCrAndLf() {
        String sdp = "v=0\nc=IN IP4 10.0.0.1\nm=audio 5012 RTP/AVP 0\na=sendonly\na=rtcp:5013 IN IP4 10.0.0.2\n";
        parse(sdp.replace("\n", "\r\r\n"));

        assertThat(index.address(0)).isEqualTo("10.0.0.1");
        assertThat(index.direction(0)).isEqualTo("sendonly");
        assertThat(new String(
                        SdpRewriter.plan(index, RelayEndpoints.of("192.0.2.1", 50000), IceCandidate.NONE)
                                .toByteArray(),
                        StandardCharsets.US_ASCII))
                .isEqualTo(
                        "v=0\nc=IN IP4 192.0.2.1\nm=audio 50000 RTP/AVP 0\na=sendonly\na=rtcp:50001 IN IP4 192.0.2.1\n"
                                .replace("\n", "\r\r\n"));
    }

    /** Line ends are found some dozens at a time; the lines after such a batch have to be read, too. */
    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n", "\r"})
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldReadTheLastLineAfterAnyNumberOfLines(String lineEnd) {
        for (String line : new String[] {"\n", "a\n", "s=-\r\n", "a=x-some-longer-line\n"}) {
            for (int lines = 0; lines < 300; lines++) {
                parse("v=0\nc=IN IP4 1.2.3.4\n" + line.repeat(lines) + "m=a 7 udp" + lineEnd);

                assertThat(index.streamCount()).isEqualTo(1);
                assertThat(index.port(0)).isEqualTo(7);
                assertThat(index.transport(0)).isEqualTo("udp");
                assertThat(index.line(0)).isEqualTo(lines + 3);
            }
        }
    }

    @Test
    void shouldRefuseImpossibleLimits() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SdpLimits(0, 1, 1))
                .withMessage("bodyBytes is 0, allowed is 1 to 2147483647");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SdpLimits(1, 1025, 1))
                .withMessage("streams is 1025, allowed is 1 to 1024");
    }

    @Test
    void shouldRefuseARangeOutsideTheArray() {
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> index.parse(new byte[4], 2, 3));
    }

    @Test
    void shouldReadEveryPrefixOfABody() {
        byte[] body = bytes(SESSION
                + "a=ice-pwd:x\r\nm=audio 5012/1 RTP/AVP 0\r\ni=x\r\nc=IN IP4 1.2.3.4"
                + "\r\na=rtcp:1 IN IP4 1.2.3.4\r\na=candidate:1 2 UDP\r\na=\r\na=sendonly");
        for (int length = 0; length <= body.length; length++) {
            byte[] prefix = Arrays.copyOf(body, length);
            try {
                index.parse(prefix, 0, length);
                assertThat(index.streamCount()).isLessThanOrEqualTo(1);
            } catch (SdpSyntaxException e) {
                assertThat(e.offset()).isBetween(0, length);
            }
        }
    }

    private void assertRefused(SdpIndex index, String sdp, String message) {
        byte[] body = bytes(sdp);
        assertThatExceptionOfType(SdpSyntaxException.class)
                .isThrownBy(() -> index.parse(body, 0, body.length))
                .withMessageContaining(message);
    }

    private void parse(String sdp) {
        byte[] body = bytes(sdp);
        index.parse(body, 0, body.length);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

package io.mediaproxy.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class SdpBodyTest {
    private static final String SDP = "v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\n";
    private static final String MIXED = "multipart/mixed;boundary=b1";

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "application/sdp",
                "APPLICATION/SDP",
                "application/sdp;charset=utf-8",
                " application/sdp ; x=\"a;b\" "
            })
    void shouldFindTheWholeBody(@Nullable String contentType) {
        assertThat(find(contentType, SDP)).isEqualTo(SDP);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/sdpfrag", "", ";", "application"})
    void shouldNameTheTypeOfABodyWithoutSdp(String contentType) {
        SdpBody body = body(contentType, SDP);

        assertThat(body.isPresent()).isFalse();
        assertThat(body.isEmpty()).isFalse();
        assertThat(body.reason()).startsWith("the body is ").endsWith(", not application/sdp");
    }

    @Test
    void shouldDistinguishNoBodyFromAnotherBody() {
        SdpBody body = body("application/sdp", "");

        assertThat(body.isPresent()).isFalse();
        assertThat(body.isEmpty()).isTrue();
        assertThat(body.reason()).isEqualTo("the message has no body");
        assertThat(body.sdpLength()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/mixed;boundary=b1",
                "multipart/mixed; boundary=\"b1\"",
                "Multipart/Alternative ; type=x ; BOUNDARY = b1 ; y=z",
                "multipart/related;a=\"x;boundary=no\";boundary=b1",
                "multipart/mixed;boundary=\"b\\1\"",
                "multipart / mixed;flag;boundary=b1"
            })
    void shouldFindThePartByAnyFormOfTheBoundary(String contentType) {
        assertThat(find(contentType, "--b1\r\nContent-Type: application/sdp\r\n\r\n" + SDP + "\r\n--b1--\r\n"))
                .isEqualTo(SDP);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--b1\r\nContent-Type: text/plain\r\n\r\nv=0\r\n--b1\r\nContent-Type: application/sdp"
                        + "\r\n\r\n{sdp}\r\n--b1--\r\n",
                "preamble\r\n--b1 \t\r\nContent-Type: application/sdp\r\nContent-Disposition: session"
                        + "\r\n\r\n{sdp}\r\n--b1--",
                "--b1\r\nContent-ID: <x>\r\ncontent-type:\r\n application/sdp ;x=y\r\n\r\n{sdp}\r\n--b1"
                        + "\r\n\r\nend\r\n--b1--\r\nepilogue",
                "--b1\nContent-Type: application/sdp\n\n{sdp}\n--b1--\n",
                "--b1\r\n\r\nno type is text\r\n--b1\r\nContent-Type: application/sdp\r\n\r\n{sdp}\r\n--b1--\r\n",
                "--b1\r\nContent-Type: application/sdp\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{sdp}\r\n--b1--\r\n",
                "--b1\r\nContent-Type: application/x\r\n\r\n--b1x\r\n--b\r\n--b1-\r\n--b1--x\r\n--b1"
                        + "\r\nContent-Type: application/sdp\r\n\r\n{sdp}\r\n--b1--\r\n",
                "--b1\r\nContent-Type: application/sdp\r\n\r\n{sdp}",
                "--b1\r\nContent-Type: application/sdp\r\nContent-Disposition: early-session\r\n\r\nv=0"
                        + "\r\n--b1\r\nContent-Type: application / sdp"
                        + "\r\nContent-Transfer-Encoding: binary (as is)\r\n\r\n{sdp}\r\n--b1--\r\n"
            })
    void shouldFindThePartInAnyPosition(String multipart) {
        assertThat(find(MIXED, multipart.replace("{sdp}", SDP))).isEqualTo(SDP);
    }

    @Test
    void shouldSearchOneMultipartDeep() {
        String part = "Content-Type: application/sdp\r\n\r\n" + SDP;
        String inner = "--b2\r\n" + part + "\r\n--b2--\r\n";
        String nested = "--b1\r\nContent-Type: multipart/alternative;boundary=b2\r\n\r\n" + inner + "\r\n--b1--\r\n";
        String twice = "--b0\r\nContent-Type: multipart/mixed;boundary=b1\r\n\r\n" + nested + "\r\n--b0--\r\n";

        assertThat(find(MIXED, nested)).isEqualTo(SDP);
        assertThat(body("multipart/mixed;boundary=b0", twice).isPresent()).isFalse();
    }

    @Test
    void shouldGiveTheReasonIfAMultipartHasNoSdp() {
        assertThat(body("multipart/mixed", SDP).reason())
                .isEqualTo("the body is multipart/mixed without a usable boundary");
        assertThat(body(MIXED, "--b1\r\n\r\nx\r\n--b1--\r\n").reason())
                .isEqualTo("no part of the multipart body is application/sdp");
        assertThat(body(
                                MIXED,
                                "--b1\r\nContent-Type: application/sdp\r\nContent-Transfer-Encoding: base64"
                                        + "\r\n\r\ndj0w\r\n--b1--\r\n")
                        .reason())
                .isEqualTo("the application/sdp part has Content-Transfer-Encoding base64");
        assertThat(body(MIXED, "--b1\r\nContent-Type: text/plain\r\n\r\nno last delimiter")
                        .reason())
                .isEqualTo("no part of the multipart body is application/sdp");
        assertThat(body("multipart/mixed;boundary=" + "x".repeat(71), SDP).reason())
                .contains("without a usable boundary");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "application/sdp,session,-,true,false",
                "application/sdp,Session;handling=required,identity,true,false",
                "application/sdp,early-session,-,false,true",
                "application/sdp,render,gzip,false,true",
                "application/sdp,-,gzip,false,false",
                "-,-,'deflate, gzip',false,false",
                "application/isup,-,gzip,false,true",
                "multipart/mixed,-,-,false,false",
                "multipart/mixed;boundary=b1,render,-,false,true"
            })
    void shouldDistinguishNoSdpFromSdpThatCannotBeRead(
            @Nullable String type,
            @Nullable String disposition,
            @Nullable String encoding,
            boolean present,
            boolean absent) {
        byte[] bytes = SDP.getBytes(StandardCharsets.US_ASCII);

        SdpBody body =
                SdpBody.find(new BodyHeaders(type, disposition, encoding), bytes, 0, bytes.length, SdpLimits.DEFAULT);

        assertThat(body.isPresent()).isEqualTo(present);
        assertThat(body.isAbsent()).isEqualTo(absent);
        assertThat(body.reason().isEmpty()).isEqualTo(present);
    }

    @Test
    void shouldPreferTheReasonOfAPartThatCannotBeRead() {
        String encoded = "--b1\r\nContent-Type: application/sdp\r\nContent-Encoding: gzip\r\n\r\nx\r\n";
        String early = "--b1\r\nContent-Type: application/sdp\r\nContent-Disposition: early-session\r\n\r\nx\r\n";
        String other = "--b1\r\nContent-Type: text/plain\r\n\r\nx\r\n--b1--\r\n";

        SdpBody body = body(MIXED, early + encoded + early + other);

        assertThat(body.reason()).isEqualTo("the application/sdp part has Content-Encoding gzip");
        assertThat(body.isAbsent()).isFalse();
        assertThat(body(MIXED, early + other).isAbsent()).isTrue();
        assertThat(body(MIXED, early + other).reason())
                .isEqualTo("the application/sdp part has Content-Disposition early-session");
    }

    @Test
    void shouldNotSearchABodyThatIsTooLarge() {
        byte[] large = new byte[65537];

        assertThat(SdpBody.find(MIXED, large, 0, large.length).reason())
                .isEqualTo("the body has 65537 bytes, allowed are 65536");
        assertThat(SdpBody.find(BodyHeaders.ofType(null), large, 0, 11, new SdpLimits(10, 1, 10))
                        .reason())
                .isEqualTo("the body has 11 bytes, allowed are 10");
    }

    @Test
    void shouldKeepEveryByteAroundThePart() {
        String head = "--b1\r\nContent-Type: application/isup\r\n\r\n\u0001\u0002\u0003\r\n--b1"
                + "\r\nContent-Type: application/sdp\r\n\r\n";
        String sdp = "v=0\r\nc=IN IP4 10.0.0.1\r\nm=audio 5012 RTP/AVP 0\r\n";
        String tail = "\r\n--b1--\r\nepilogue";
        SdpIndex index = new SdpIndex();
        index.parse(body(MIXED, head + sdp + tail));

        SdpEdits edits = SdpRewriter.plan(index, RelayEndpoints.of("81.23.228.129", 50000), IceCandidate.NONE);

        assertThat(new String(edits.toByteArray(), StandardCharsets.ISO_8859_1))
                .isEqualTo(head + "v=0\r\nc=IN IP4 81.23.228.129\r\nm=audio 50000 RTP/AVP 0\r\n" + tail);
    }

    @Test
    void shouldRefuseToParseABodyWithoutSdp() {
        SdpBody none = body("text/plain", "x");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SdpIndex().parse(none))
                .withMessage("there is no SDP to read: the body is text/plain, not application/sdp");
    }

    private static SdpBody body(@Nullable String contentType, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
        return SdpBody.find(contentType, bytes, 0, bytes.length);
    }

    private static String find(@Nullable String contentType, String body) {
        SdpBody found = body(contentType, body);
        assertThat(found.reason()).isEmpty();
        return body.substring(found.sdpOffset(), found.sdpOffset() + found.sdpLength());
    }
}

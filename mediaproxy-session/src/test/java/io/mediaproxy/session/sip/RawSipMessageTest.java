package io.mediaproxy.session.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RawSipMessageTest {
    private static final String INVITE =
            "INVITE sip:bob@b.example SIP/2.0\r\nf: <sip:a@a.example>\r\n ;tag=1\r\nSubject : x\r\n"
                    + "l:  4 \r\n\r\nbodyTRAILER";

    @Test
    void shouldReadARequest() {
        RawSipMessage message = parse(INVITE);

        assertThat(message.isRequest()).isTrue();
        assertThat(message.method()).isEqualTo("INVITE");
        assertThat(message.statusCode()).isZero();
        assertThat(message.header("From")).isEqualTo("<sip:a@a.example> ;tag=1");
        assertThat(message.header("s")).isEqualTo("x");
        assertThat(message.header("To")).isNull();
        assertThat(message.bodyLength()).isEqualTo(4);
        assertThat(message.sourceAddress()).isEqualTo("192.0.2.1");
    }

    @Test
    void shouldReadAResponse() {
        RawSipMessage message = parse("SIP/2.0 183 Session Progress\nCSeq: 1 INVITE\n\nv=0\n");

        assertThat(message.isRequest()).isFalse();
        assertThat(message.statusCode()).isEqualTo(183);
        assertThat(message.method()).isEqualTo("INVITE");
        assertThat(message.bodyLength()).isEqualTo(4);
    }

    @Test
    void shouldReturnTheSameBytesAroundAnotherBody() {
        assertThat(withBody(INVITE, "longer body"))
                .isEqualTo(INVITE.replace("l:  4 ", "l:  11").replace("bodyTRAILER", "longer body"));
    }

    @Test
    void shouldReplaceAFoldedContentLength() {
        assertThat(withBody("BYE sip:b SIP/2.0\r\nContent-Length:\r\n 1\r\n\r\nx", "abc"))
                .isEqualTo("BYE sip:b SIP/2.0\r\nContent-Length:\r\n 3\r\n\r\nabc");
    }

    @Test
    void shouldSkipEmptyLinesBeforeTheMessage() {
        RawSipMessage message = parse("\r\n\r\nSIP/2.0 200 OK\r\nCSeq: 1\tINVITE\r\n\r\n");

        assertThat(message.statusCode()).isEqualTo(200);
        assertThat(message.method()).isEqualTo("INVITE");
    }

    @Test
    void shouldAddAMissingContentLength() {
        assertThat(withBody("SIP/2.0 200 OK\r\nCSeq: 1 INVITE\r\n\r\nx", "abc"))
                .isEqualTo("SIP/2.0 200 OK\r\nCSeq: 1 INVITE\r\nContent-Length: 3\r\n\r\nabc");
        assertThat(withBody("SIP/2.0 200 OK\nCSeq: 1 INVITE\n\nx", "abc"))
                .isEqualTo("SIP/2.0 200 OK\nCSeq: 1 INVITE\nContent-Length: 3\n\nabc");
    }

    @Test
    void shouldReadAMessageInAPartOfAnArray() {
        byte[] array = bytes("JUNK\r\n" + INVITE + "MORE");

        RawSipMessage message = RawSipMessage.parse(array, 6, INVITE.length(), "192.0.2.1");

        assertThat(message.method()).isEqualTo("INVITE");
        assertThat(message.bodyArray()).isSameAs(array);
        assertThat(message.bodyOffset()).isEqualTo(6 + INVITE.indexOf("body"));
        assertThat(message.bodyLength()).isEqualTo(4);
        assertThat(message.withBody(bytes("longer body")))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(withBody(INVITE, "longer body"));
    }

    @Test
    void shouldCountOffsetsFromTheStartOfTheMessage() {
        byte[] array = bytes("\n\nBYE sip:b SIP/2.0\nl: 5\n\nabcdMORE");

        assertThatExceptionOfType(SipSyntaxException.class)
                .isThrownBy(() -> RawSipMessage.parse(array, 2, array.length - 6, "192.0.2.1"))
                .withMessage("Content-Length is 5, but 4 bytes follow (line 2, offset 20)");
        assertThatExceptionOfType(SipSyntaxException.class)
                .isThrownBy(() -> RawSipMessage.parse(array, 2, 17, "192.0.2.1"))
                .withMessage("no empty line ends the header fields (line 2, offset 17)");
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> RawSipMessage.parse(array, 2, array.length - 1, "192.0.2.1"));
    }

    @Test
    void shouldWriteTheLengthIntoEveryContentLength() {
        assertThat(withBody("BYE sip:b SIP/2.0\r\nl: 1\r\nFrom: x\r\nContent-Length:  01 \r\n\r\nx", "0123456789"))
                .isEqualTo("BYE sip:b SIP/2.0\r\nl: 10\r\nFrom: x\r\nContent-Length:  10\r\n\r\n0123456789");
    }

    @ParameterizedTest
    @CsvSource({"2, which differs from 1", "no number, no number", "'1, 1', no number", "'', no number"})
    void shouldRefuseContentLengthsThatDiffer(String second, String problem) {
        String text = "BYE sip:b SIP/2.0\r\nl: 1\r\nContent-Length: " + second + "\r\n\r\nxyz";

        assertThatExceptionOfType(SipSyntaxException.class)
                .isThrownBy(() -> parse(text))
                .withMessageContaining(problem)
                .satisfies(e -> assertThat(e.line()).isEqualTo(3));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a\\r\\n b | a b",
                "a \\t \\r\\n \\tb | a b",
                "a\\n b\\n\\tc | a b c",
                "a\\r\\n \\r\\n b | a b",
                "\\r\\n a | a",
                "a\\r\\n  | a",
                "a  b\\r\\n c  d | a  b c  d"
            })
    void shouldUnfoldAValue(String value, String unfolded) {
        assertThat(parse("BYE sip:b SIP/2.0\r\nX: " + lineEnds(value) + "\r\n\r\n")
                        .header("X"))
                .isEqualTo(unfolded);
    }

    private static String lineEnds(String text) {
        return text.replace("\\r", "\r").replace("\\n", "\n").replace("\\t", "\t");
    }

    @Test
    void shouldBoundTheLengthOfAHeaderField() {
        String allowed = "X: " + "y".repeat(4096) + "\r\n " + "z".repeat(8192 - 4096 - 6);

        assertThat(parse("BYE sip:b SIP/2.0\r\n" + allowed + "\r\n\r\n").header("X"))
                .hasSize(8192 - 5);
        assertThatExceptionOfType(SipSyntaxException.class)
                .isThrownBy(() -> parse("BYE sip:b SIP/2.0\r\nA: b\r\n" + allowed + "z\r\n\r\n"))
                .withMessage("a header field of 8193 bytes, at most 8192 are allowed (line 3, offset 25)");
    }

    @Test
    void shouldBoundTheNumberOfHeaderFields() {
        assertThat(parse("BYE sip:b SIP/2.0\n" + "X:y\n".repeat(256) + "\n").headers("X"))
                .hasSize(256);
        assertThatExceptionOfType(SipSyntaxException.class)
                .isThrownBy(() -> parse("BYE sip:b SIP/2.0\n" + "X:y\n".repeat(257) + "\n"))
                .withMessage("more than 256 header fields (line 258, offset 1042)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hello\\n\\n | the first line is neither a request line nor a status line | 0 | 1",
                "SIP/2.0 99 x\\n\\n | the first line is neither a request line nor a status line | 0 | 1",
                "SIP/2.0 2000 x\\n\\n | the first line is neither a request line nor a status line | 0 | 1",
                "SIP/2.0 2x0 x\\n\\n | the first line is neither a request line nor a status line | 0 | 1",
                "BYE sip:b SIP/2.0\\nFrom x\\n\\n | a header field without a colon | 18 | 2",
                "BYE sip:b SIP/2.0\\nFrom: x\\n | no empty line ends the header fields | 26 | 3",
                "BYE sip:b SIP/2.0\\nl: 5\\n\\nabcd | Content-Length is 5, but 4 bytes follow | 20 | 2",
                "BYE sip:b SIP/2.0\\nl: -1\\n\\nabcd | Content-Length is no number, but 4 bytes follow | 20 | 2"
            })
    void shouldReportTheProblemAndItsPlace(String text, String problem, int offset, int line) {
        assertThatExceptionOfType(SipSyntaxException.class)
                .isThrownBy(() -> parse(text.replace("\\n", "\n")))
                .withMessage(problem + " (line " + line + ", offset " + offset + ")")
                .satisfies(e -> {
                    assertThat(e.offset()).isEqualTo(offset);
                    assertThat(e.line()).isEqualTo(line);
                });
    }

    @Test
    void shouldThrowNoOtherExceptionForAnyPrefix() {
        for (int length = 0; length < INVITE.length(); length++) {
            try {
                assertThat(parse(INVITE.substring(0, length)).isRequest()).isTrue();
            } catch (SipSyntaxException e) {
                assertThat(e.offset()).isLessThanOrEqualTo(length);
            }
        }
    }

    private static RawSipMessage parse(String text) {
        return RawSipMessage.parse(text.getBytes(StandardCharsets.UTF_8), "192.0.2.1");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String withBody(String message, String body) {
        return new String(parse(message).withBody(body.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }
}

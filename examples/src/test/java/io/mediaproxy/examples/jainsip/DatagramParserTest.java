package io.mediaproxy.examples.jainsip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.parser.ParseExceptionListener;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatagramParserTest {
    private static final ParseExceptionListener NETWORK = (e, message, type, header, text) -> {};

    private final DatagramParser parser = new DatagramParser();

    @Test
    void shouldReadABodyWithoutContentLength() throws ParseException {
        SIPMessage message = datagram("", "body");

        assertThat(message.getRawContent()).asString().isEqualTo("body");
        assertThat(message.getContentLength().getContentLength()).isEqualTo(4);
    }

    @Test
    void shouldReadNothingAfterTheBody() throws ParseException {
        assertThat(datagram("Content-Length: 3 \r\nl: 3\r\n", "body").getRawContent())
                .asString()
                .isEqualTo("bod");
        assertThat(datagram("Content-Length: 0\r\n", "body").getRawContent()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"l: 5\r\n", "l: 3\r\nContent-Length: 4\r\n", "l: x\r\n"})
    void shouldRefuseAContentLengthThatDoesNotFit(String length) {
        assertThatExceptionOfType(ParseException.class)
                .isThrownBy(() -> datagram(length, "body"))
                .withMessageContaining("Content-Length is");
    }

    @Test
    void shouldRemoveTheReceivedOfTheSender() throws ParseException {
        assertThat(datagram("", "").getTopmostVia().getReceived()).isNull();
    }

    /** The head of a message from a stream, whose body the stack adds, and a message that the stack reads again. */
    @Test
    void shouldLeaveOtherMessagesAsTheyAre() throws ParseException {
        SIPMessage head = parse(text("Content-Length: 4\r\n", ""), false, NETWORK);
        SIPMessage again = parse(text("Content-Length: 4\r\n", "body"), true, null);

        assertThat(head.getContentLength().getContentLength()).isEqualTo(4);
        assertThat(head.getTopmostVia().getReceived()).isEqualTo("192.0.2.9");
        assertThat(again.getTopmostVia().getReceived()).isEqualTo("192.0.2.9");
    }

    private SIPMessage datagram(String length, String body) throws ParseException {
        return parse(text(length, body), true, NETWORK);
    }

    private static String text(String length, String body) {
        return "MESSAGE sip:b@b.example SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;received=192.0.2.9;branch=z9hG4bK1\r\n"
                + "From: <sip:a@a.example>;tag=1\r\nTo: <sip:b@b.example>\r\nCall-ID: 1\r\nCSeq: 1 MESSAGE\r\n"
                + "Content-Type: text/plain\r\n" + length + "\r\n" + body;
    }

    private SIPMessage parse(String text, boolean readBody, @Nullable ParseExceptionListener listener)
            throws ParseException {
        return parser.parseSIPMessage(text.getBytes(StandardCharsets.UTF_8), readBody, false, listener);
    }
}

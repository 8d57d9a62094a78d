package io.mediaproxy.pkts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.mediaproxy.session.CallAttributes;
import io.mediaproxy.session.MediaProxy;
import io.mediaproxy.session.MediaProxyResult;
import io.mediaproxy.session.Outcome;
import io.mediaproxy.session.sip.SipSyntaxException;
import io.mediaproxy.testing.ScriptedDispatcher;
import io.pkts.buffer.Buffers;
import io.pkts.packet.sip.SipMessage;
import io.pkts.packet.sip.SipParseException;
import io.pkts.packet.sip.SipRequest;
import io.pkts.packet.sip.SipResponse;
import io.pkts.packet.sip.header.SipHeader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.IllegalFormatException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PktsMediaProxyTest {
    private static final String SOURCE = "198.51.100.7";
    private static final String SDP =
            "v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\nm=audio 5012 RTP/AVP 0\r\n";
    private static final String REWRITTEN = rewritten(SDP);
    private static final String TYPE = "Content-Type: application/sdp\r\n";

    private final ScriptedDispatcher dispatcher = ScriptedDispatcher.answering();
    private final MediaProxy mediaProxy =
            MediaProxy.builder().dispatcherSocket(dispatcher.socket()).build();
    private final PktsMediaProxy pkts = new PktsMediaProxy(mediaProxy);

    PktsMediaProxyTest() {
        dispatcher.answer("81.23.228.129 50000\r\n");
    }

    @AfterEach
    void stop() {
        mediaProxy.close();
        dispatcher.close();
    }

    @Test
    void shouldReturnANewRequestAndNotChangeTheOldOne() throws IOException {
        String text = invite(TYPE, SDP);
        SipMessage invite = frame(text);

        PktsResult used = pkts.useMediaProxy(invite, SOURCE);

        assertThat(used.result().outcome()).isEqualTo(Outcome.REWRITTEN);
        assertThat(used.message()).isInstanceOf(SipRequest.class).isNotSameAs(invite);
        assertThat(used.message().toBuffer()).hasToString(invite(TYPE, REWRITTEN));
        assertThat(used.message().getContent()).hasToString(REWRITTEN);
        assertThat(used.message().getContentLength()).isEqualTo(REWRITTEN.length());
        assertThat(invite.toBuffer()).hasToString(text);
        assertThat(dispatcher.commands()).singleElement().asString().contains("signaling_ip: " + SOURCE + "\r\n");
    }

    @Test
    void shouldReturnANewResponseWithTheAttributesOfItsCall() throws IOException {
        SipMessage ok = frame(message("SIP/2.0 200 OK", ";tag=bob", "1 INVITE", TYPE, SDP));

        PktsResult used = pkts.useMediaProxy(ok, SOURCE, CallAttributes.NONE.withSignalingIp("192.0.2.2"));

        assertThat(used.message()).isInstanceOf(SipResponse.class);
        assertThat(used.message().getContent()).hasToString(REWRITTEN);
        assertThat(dispatcher.commands())
                .singleElement()
                .asString()
                .contains("type: reply", "to_tag: bob", "signaling_ip: 192.0.2.2");
    }

    @Test
    void shouldNotChangeAnyOtherByteOfTheHeaderFields() throws IOException {
        String headers = """
                INVITE sip:bob@b.example;x=%41 SIP/2.0
                X-Unknown:first,  second ,third
                m: <sip:alice@10.0.0.1>;q=0.5 , "A, B" <sip:a@b.example>
                l : %LENGTH%
                t:<sip:bob@b.example>
                User-Agent: Phone (a,b),  c
                v: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK1, SIP/2.0/UDP 10.0.0.2;branch=z9hG4bK2
                f:  "100%s %n ä" <sip:alice@a.example>
                \t;tag=alice
                x-unknown: fourth
                i: c1%d
                Subject:
                CSEQ: 1 INVITE
                c: application/sdp;p="a,b"

                """.replace("\n", "\r\n");
        String sdp = SDP.replace("s=-", "s=50%d %s");

        PktsResult used = pkts.useMediaProxy(frame(withLength(headers, sdp.length()) + sdp), SOURCE);

        String expected = rewritten(sdp);
        assertThat(used.message().toBuffer()).hasToString(withLength(headers, expected.length()) + expected);
        assertThat(dispatcher.commands())
                .singleElement()
                .asString()
                .contains("call_id: c1%d\r\n", "from_tag: alice\r\n", "user_agent: Phone (a,b),  c\r\n");
    }

    @Test
    void shouldKeepBareLineFeedsThatPktsReads() throws IOException {
        String head = message("SIP/2.0 200 OK", ";tag=bob", "1 INVITE", TYPE, "");
        String headers = head.substring(0, head.indexOf("Content-Length")).replace("\r\n", "\n");
        String text = headers + "Content-Length: " + SDP.length() + "\n\r\n" + SDP;

        PktsResult used = pkts.useMediaProxy(frame(text), SOURCE);

        assertThat(used.message().toBuffer())
                .hasToString(headers + "Content-Length: " + REWRITTEN.length() + "\n\r\n" + REWRITTEN);
    }

    @Test
    void shouldWriteOneLengthIntoEveryContentLength() throws IOException {
        String twice = TYPE + "l: " + SDP.length() + "\r\n";

        PktsResult used = pkts.useMediaProxy(frame(invite(twice, SDP)), SOURCE);

        assertThat(used.message().toBuffer())
                .hasToString(invite(TYPE + "l: " + REWRITTEN.length() + "\r\n", REWRITTEN));
    }

    @Test
    void shouldRewriteThePartOfAMultipartBody() throws IOException {
        String type = "Content-Type: multipart/mixed;boundary=\"x,y\"\r\n";
        String body =
                "--x,y\r\nContent-Type: text/plain\r\n\r\n100%\r\n--x,y\r\n" + TYPE + "\r\n" + SDP + "\r\n--x,y--\r\n";

        PktsResult used = pkts.useMediaProxy(frame(invite(type, body)), SOURCE);

        assertThat(used.message().toBuffer()).hasToString(invite(type, rewritten(body)));
    }

    @Test
    void shouldNotAddAContentType() throws IOException {
        PktsResult used = pkts.useMediaProxy(frame(invite("", SDP)), SOURCE);

        assertThat(used.message().toBuffer()).hasToString(invite("", REWRITTEN));
    }

    @Test
    void shouldRewriteABuiltMessage() {
        SipMessage invite = built(SipRequest.invite("sip:bob@b.example"));
        SipMessage ok = built(SipResponse.withStatusCode(200)); // has no Content-Length

        for (SipMessage message : List.of(invite, ok)) {
            SipMessage used = pkts.useMediaProxy(message, SOURCE).message();

            assertThat(used.getContent()).hasToString(REWRITTEN);
            assertThat(used.getContentLength()).isEqualTo(REWRITTEN.length());
            assertThat(used.initialLine()).hasToString(message.initialLine().toString());
            assertThat(used.getFromHeader().getTag()).hasToString("alice");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"error\r\n", "None\r\n", "10.0.0.1 5012\r\n"})
    void shouldReturnTheSameMessageWhenTheDispatcherChangesNothing(String reply) throws IOException {
        dispatcher.answer(reply);
        String text = invite(TYPE, SDP);
        SipMessage invite = frame(text);

        PktsResult used = pkts.useMediaProxy(invite, SOURCE);

        assertThat(used.result().returnCode()).isEqualTo(reply.startsWith("10.") ? 1 : -1);
        assertThat(used.message()).isSameAs(invite);
        assertThat(invite.toBuffer()).hasToString(text);
        assertThat(dispatcher.commands()).hasSize(1);
    }

    @Test
    void shouldReturnTheSameMessageWithoutACommand() throws IOException {
        SipMessage withoutBody = frame(invite("", ""));
        SipMessage withoutLength = frame(invite(TYPE, SDP).replaceFirst("Content-Length: \\d+\r\n", ""));

        for (SipMessage message : List.of(withoutBody, withoutLength)) { // pkts sees no body in either
            PktsResult used = pkts.useMediaProxy(message, SOURCE);

            assertThat(used.result().outcome()).isEqualTo(Outcome.NO_SDP);
            assertThat(used.message()).isSameAs(message);
        }
        assertThat(dispatcher.commands()).isEmpty();
    }

    @Test
    void shouldFrameADatagramWhoseBodyReachesToItsEnd() {
        String text = invite(TYPE, SDP);
        String withoutLength = text.replaceFirst("Content-Length: \\d+\r\n", "");

        SipMessage framed = PktsMediaProxy.frame(bytes(withoutLength));

        assertThat(framed.getContent()).hasToString(SDP);
        PktsResult used = pkts.useMediaProxy(framed, SOURCE);
        assertThat(used.result().outcome()).isEqualTo(Outcome.REWRITTEN);
        assertThat(used.message().getContent()).hasToString(REWRITTEN);
    }

    @Test
    void shouldFrameADatagramWithBlanksAfterTheContentLengthAndBytesAfterTheBody() {
        String text = invite(TYPE, SDP);
        String length = "Content-Length: " + SDP.length();

        assertThat(PktsMediaProxy.frame(bytes(text.replace(length, length + " \t") + "after"))
                        .toBuffer())
                .hasToString(text);
        assertThat(PktsMediaProxy.frame(bytes(text)).toBuffer()).hasToString(text);
    }

    @Test
    void shouldFrameAResponseWithoutAReason() {
        for (String end : List.of("\r\n", "\n")) {
            String head = "Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\n"
                    + "Call-ID: x\r\nCSeq: 1 INVITE\r\nContent-Length: 1\r\n\r\n";
            SipMessage message = PktsMediaProxy.frame(bytes("SIP/2.0 200 " + end + head + "b"));

            assertThat(message.toResponse().getStatus()).isEqualTo(200);
            assertThat(message.getContent().toString()).isEqualTo("b");
            assertThat(message.toBuffer().toString()).startsWith("SIP/2.0 200  " + end + "Via:");
        }
    }

    @Test
    void shouldNotFrameADatagramThatIsNotOneMessage() {
        String text = invite(TYPE, SDP);

        assertThatExceptionOfType(SipSyntaxException.class)
                .isThrownBy(
                        () -> PktsMediaProxy.frame(bytes(text.replace("Content-Length", "l: 1\r\nContent-Length"))));
        assertThatExceptionOfType(SipSyntaxException.class)
                .isThrownBy(() -> PktsMediaProxy.frame(bytes(text.substring(0, text.length() - 1))));
        assertThatExceptionOfType(SipParseException.class)
                .isThrownBy(() -> PktsMediaProxy.frame(bytes("FLY sip:b SIP/2.0\r\nCall-ID: 1\r\n\r\n")));
        assertThatExceptionOfType(SipParseException.class) // where pkts throws a RuntimeException
                .isThrownBy(() -> PktsMediaProxy.frame(bytes("BYE sip:b SIP/2.0\r\nFrom: <SIP:a@b>;tag=1\r\n\r\n")));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void shouldFailClearlyForAHeaderFieldWithoutAColon() throws IOException {
        SipMessage bye = frame(message("BYE sip:bob@b.example SIP/2.0", ";tag=bob", "2 BYE", "100%s\r\n" + TYPE, SDP));

        PktsResult used = pkts.useMediaProxy(bye, SOURCE);
        MediaProxyResult ended = pkts.endMediaSession(bye);

        assertThat(used.message()).isSameAs(bye);
        for (MediaProxyResult result : List.of(used.result(), ended)) {
            assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(result.reason()).startsWith("a header field without a colon (line 8, ");
            assertThat(result.failure()).containsInstanceOf(SipSyntaxException.class);
        }
        assertThat(dispatcher.commands()).isEmpty();
    }

    static Stream<Arguments> shouldReturnTheSameMessageWhenPktsCannotReadWhatItBuilt() {
        return Stream.of(
                arguments(
                        built(SipRequest.withMethod("OFFER").withRequestURI("sip:bob@b.example")),
                        SipParseException.class),
                arguments(
                        built(SipResponse.withStatusCode(200)
                                .withHeader(SipHeader.create("X-Injected", "a\r\nVia: SIP/2.0%UDP a"))),
                        IllegalFormatException.class), // pkts takes what it complains of for a format
                arguments(
                        built(SipResponse.withStatusCode(200)
                                .withHeader(SipHeader.create("\fContent-Length", Integer.toString(SDP.length())))),
                        IllegalStateException.class));
    }

    @ParameterizedTest
    @MethodSource
    void shouldReturnTheSameMessageWhenPktsCannotReadWhatItBuilt(
            SipMessage message, Class<? extends RuntimeException> failure) {
        String text = message.toString();

        PktsResult used = pkts.useMediaProxy(message, SOURCE);

        assertThat(used.message()).isSameAs(message).hasToString(text);
        assertThat(used.result().outcome()).isEqualTo(Outcome.FAILED);
        assertThat(used.result().body()).isEmpty();
        assertThat(used.result().failure()).containsInstanceOf(failure);
        assertThat(dispatcher.commands()).hasSize(1);
    }

    @Test
    void shouldRemoveTheSessionOfABye() throws IOException {
        dispatcher.answer("removed\r\n");
        SipMessage bye = frame(message("BYE sip:bob@b.example SIP/2.0", ";tag=bob", "2 BYE", "", ""));

        MediaProxyResult result = pkts.endMediaSession(bye);

        assertThat(result.outcome()).isEqualTo(Outcome.REMOVED);
        assertThat(dispatcher.commands())
                .containsExactly("remove\r\ncall_id: c1\r\nfrom_tag: alice\r\nto_tag: bob\r\n\r\n");
    }

    @Test
    void shouldNameWhatAMessageLacks() throws IOException {
        SipMessage invite = frame(withoutFrom(invite(TYPE, SDP)));
        SipMessage bye = frame(withoutFrom(message("BYE sip:bob@b.example SIP/2.0", ";tag=bob", "2 BYE", "", "")));
        SipMessage empty = frame(invite(TYPE, "v=0\r\n"));

        PktsResult used = pkts.useMediaProxy(invite, SOURCE);
        assertThat(used.result().reason()).isEqualTo("the message has no From header field with a tag");
        assertThat(used.message()).isSameAs(invite);
        assertThat(pkts.endMediaSession(bye).reason()).isEqualTo("the message has no From header field with a tag");
        assertThat(pkts.useMediaProxy(empty, SOURCE).result().outcome()).isEqualTo(Outcome.NOTHING_TO_RELAY);
        assertThat(pkts.useMediaProxy(empty, SOURCE).message()).isSameAs(empty);
        assertThat(dispatcher.commands()).isEmpty();
    }

    private static String withoutFrom(String message) {
        return message.replaceFirst("From: .*\r\n", "");
    }

    private static SipMessage frame(String text) throws IOException {
        return SipMessage.frame(text.getBytes(StandardCharsets.UTF_8));
    }

    private static SipMessage built(SipMessage.Builder<? extends SipMessage> start) {
        return start.withHeader(SipHeader.create("From", "<sip:alice@a.example>;tag=alice"))
                .withHeader(SipHeader.create("To", "<sip:bob@b.example>;tag=bob"))
                .withHeader(SipHeader.create("Call-ID", "c1"))
                .withHeader(SipHeader.create("CSeq", "1 INVITE"))
                .withBody(Buffers.wrap(SDP))
                .build();
    }

    private static String invite(String headers, String body) {
        return message("INVITE sip:bob@b.example SIP/2.0", "", "1 INVITE", headers, body);
    }

    private static String message(String startLine, String toTag, String cseq, String headers, String body) {
        return startLine + "\r\nVia: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK1\r\n"
                + "From: <sip:alice@a.example>;tag=alice\r\nTo: <sip:bob@b.example>" + toTag
                + "\r\nCall-ID: c1\r\nCSeq: " + cseq + "\r\nMax-Forwards: 70\r\n" + headers
                + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static String withLength(String headers, int length) {
        return headers.replace("%LENGTH%", Integer.toString(length));
    }

    private static String rewritten(String sdp) {
        return sdp.replace("c=IN IP4 10.0.0.1", "c=IN IP4 81.23.228.129").replace("5012", "50000");
    }
}

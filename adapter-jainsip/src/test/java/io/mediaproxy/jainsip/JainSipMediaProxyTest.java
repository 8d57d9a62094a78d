package io.mediaproxy.jainsip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mediaproxy.sdp.IceCandidate;
import io.mediaproxy.session.CallAttributes;
import io.mediaproxy.session.MediaProxy;
import io.mediaproxy.session.MediaProxyResult;
import io.mediaproxy.session.Outcome;
import io.mediaproxy.testing.ScriptedDispatcher;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import javax.sip.PeerUnavailableException;
import javax.sip.SipFactory;
import javax.sip.message.MessageFactory;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JainSipMediaProxyTest {
    private static final String SDP =
            "v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\nm=audio 5012 RTP/AVP 0\r\n";
    private static final String REWRITTEN =
            SDP.replace("c=IN IP4 10.0.0.1", "c=IN IP4 81.23.228.129").replace("5012", "50000");

    private final ScriptedDispatcher dispatcher = ScriptedDispatcher.answering();
    private final MediaProxy mediaProxy =
            MediaProxy.builder().dispatcherSocket(dispatcher.socket()).build();
    private final JainSipMediaProxy jainSip = new JainSipMediaProxy(mediaProxy);
    private final MessageFactory messages;

    JainSipMediaProxyTest() throws PeerUnavailableException {
        messages = SipFactory.getInstance().createMessageFactory();
        dispatcher.answer("81.23.228.129 50000\r\n");
    }

    @AfterEach
    void stop() {
        mediaProxy.close();
        dispatcher.close();
    }

    @Test
    void shouldPutTheNewBodyIntoARequestAndKeepItsType() throws ParseException {
        Request invite = invite("Content-Type: application/sdp;charset=utf-8\r\n", SDP);

        MediaProxyResult result = jainSip.useMediaProxy(invite);

        assertThat(result.outcome()).isEqualTo(Outcome.REWRITTEN);
        assertThat(text(invite.getRawContent())).isEqualTo(REWRITTEN);
        assertThat(invite.getContentLength().getContentLength()).isEqualTo(REWRITTEN.length());
        assertThat(invite.getHeader("Content-Type").toString().strip())
                .isEqualTo("Content-Type: application/sdp;charset=utf-8");
        assertThat(invite.toString()).endsWith("\r\n\r\n" + REWRITTEN);
    }

    @Test
    void shouldAddTheTypeOfABodyWithoutOne() throws ParseException {
        Request invite = invite("", SDP);

        jainSip.useMediaProxy(invite);

        assertThat(text(invite.getRawContent())).isEqualTo(REWRITTEN);
        assertThat(invite.getHeader("Content-Type").toString().strip()).isEqualTo("Content-Type: application/sdp");
    }

    @Test
    void shouldNeverWriteIntoTheStacksArray() throws ParseException {
        Request invite = invite("Content-Type: application/sdp\r\n", SDP);
        byte[] content = invite.getRawContent();
        byte[] before = content.clone();

        jainSip.useMediaProxy(invite);

        assertThat(content).isEqualTo(before);
        assertThat(invite.getRawContent()).isNotSameAs(content);
    }

    @Test
    void shouldNotChangeTheMessageWithoutANewBody() throws ParseException {
        dispatcher.answer("error\r\n");
        Request invite = invite("Content-Type: application/sdp\r\n", SDP);
        String before = invite.toString();

        MediaProxyResult result = jainSip.useMediaProxy(invite);

        assertThat(result.returnCode()).isEqualTo(-1);
        assertThat(invite).hasToString(before);
    }

    @Test
    void shouldRewriteAResponseWithoutWaiting() throws ParseException {
        Response ok = ok();

        MediaProxyResult result = jainSip.useMediaProxyAsync(
                        ok, "192.0.2.2", CallAttributes.NONE.withIceCandidate(IceCandidate.NONE))
                .join();

        assertThat(result.outcome()).isEqualTo(Outcome.REWRITTEN);
        assertThat(text(ok.getRawContent())).isEqualTo(REWRITTEN);
        assertThat(dispatcher.commands())
                .singleElement()
                .asString()
                .contains("type: reply", "to_tag: bob", "signaling_ip: 192.0.2.2");
    }

    @Test
    void shouldReturnTheAddressInTheTopmostVia() throws ParseException {
        assertThat(JainSipMediaProxy.sourceAddress(invite("", SDP))).isEqualTo("198.51.100.7");

        jainSip.useMediaProxy(invite("Content-Type: application/sdp\r\n", SDP));

        assertThat(dispatcher.commands()).singleElement().asString().contains("signaling_ip: 198.51.100.7\r\n");
    }

    @Test
    void shouldRemoveTheSessionOfABye() throws ParseException {
        dispatcher.answer("removed\r\n");
        Request bye = messages.createRequest(message("BYE sip:bob@b.example SIP/2.0", ";tag=bob", "2 BYE", "", ""));

        MediaProxyResult result = jainSip.endMediaSession(bye);

        assertThat(result.outcome()).isEqualTo(Outcome.REMOVED);
        assertThat(dispatcher.commands())
                .containsExactly("remove\r\ncall_id: c1\r\nfrom_tag: alice\r\nto_tag: bob\r\n\r\n");
    }

    @Test
    void shouldNameWhatAMessageLacks() throws ParseException {
        Request invite = invite("Content-Type: application/sdp\r\n", SDP);
        invite.removeHeader("From");
        Request bye = messages.createRequest(message("BYE sip:bob@b.example SIP/2.0", ";tag=bob", "2 BYE", "", ""));
        bye.removeHeader("From");
        Request empty = invite("Content-Type: application/sdp\r\n", "v=0\r\n");

        assertThat(jainSip.useMediaProxy(invite).reason()).isEqualTo("the message has no From header field with a tag");
        assertThat(jainSip.endMediaSession(bye).reason()).isEqualTo("the message has no From header field with a tag");
        assertThat(text(invite.getRawContent())).isEqualTo(SDP);
        assertThat(jainSip.useMediaProxy(empty).outcome()).isEqualTo(Outcome.NOTHING_TO_RELAY);
        assertThat(text(empty.getRawContent())).isEqualTo("v=0\r\n");
        assertThat(dispatcher.commands()).isEmpty();
    }

    @Test
    void shouldRelayACallOfTwoLegsWithItsSession() throws ParseException {
        JainSipMediaSession session = jainSip.session("c1", "alice");
        Request invite = invite("Content-Type: application/sdp\r\n", SDP);
        Response ok = messages.createResponse(
                message("SIP/2.0 200 OK", ";tag=bob", "7 INVITE", "Content-Type: application/sdp\r\n", SDP)
                        .replace("Call-ID: c1", "Call-ID: c2")
                        .replace("tag=alice", "tag=server"));

        MediaProxyResult offer = session.offer(invite, "198.51.100.7");
        dispatcher.answer("81.23.228.129 50002\r\n");
        MediaProxyResult answer = session.answer(ok, "192.0.2.2");
        assertThat(text(invite.getRawContent())).as(offer.reason()).isEqualTo(REWRITTEN);
        assertThat(text(ok.getRawContent())).as(answer.reason()).isEqualTo(REWRITTEN.replace("50000", "50002"));
        assertThat(dispatcher.commands())
                .singleElement()
                .asString()
                .contains("type: reply\r\n", "call_id: c1\r\n", "cseq: 1\r\n", "from_tag: alice\r\n");

        dispatcher.answer("removed\r\n");
        assertThat(session.end().outcome()).isEqualTo(Outcome.REMOVED);
        assertThat(session.answer(ok, "192.0.2.2").outcome()).isEqualTo(Outcome.CALL_ENDED);
    }

    @Test
    void shouldNeedNoLog4j() {
        assertThatExceptionOfType(ClassNotFoundException.class)
                .isThrownBy(() -> Class.forName("org.apache.log4j.Logger"));
    }

    private Request invite(String contentType, String sdp) throws ParseException {
        return messages.createRequest(message("INVITE sip:bob@b.example SIP/2.0", "", "1 INVITE", contentType, sdp));
    }

    private Response ok() throws ParseException {
        return messages.createResponse(
                message("SIP/2.0 200 OK", ";tag=bob", "1 INVITE", "Content-Type: application/sdp\r\n", SDP));
    }

    private static String message(String startLine, String toTag, String cseq, String contentType, String sdp) {
        return startLine + "\r\nVia: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK1;received=198.51.100.7\r\n"
                + "From: <sip:alice@a.example>;tag=alice\r\nTo: <sip:bob@b.example>" + toTag
                + "\r\nCall-ID: c1\r\nCSeq: " + cseq + "\r\nMax-Forwards: 70\r\n" + contentType
                + "Content-Length: " + sdp.length() + "\r\n\r\n" + sdp;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}

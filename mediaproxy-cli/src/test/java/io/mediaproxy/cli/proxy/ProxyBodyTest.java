package io.mediaproxy.cli.proxy;

import static io.mediaproxy.cli.proxy.SipPhone.values;
import static io.mediaproxy.cli.proxy.SipPhone.withSdp;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Finds the body of a datagram, and relays the SDP in it. */
class ProxyBodyTest extends ProxyUnderTest {
    @Test
    void shouldRelayABodyWithoutContentLength() throws Exception {
        start(null);
        String length = "Content-Length: " + SipPhone.SDP.length() + "\r\n";
        String request = withSdp(caller.request("INVITE", bob(), COOKIE + "1"));
        caller.send(proxy.address(), request.replace(length, ""));
        String invite = callee.receive();
        assertRelayed(invite);
        callee.send(proxy.address(), withSdp(callee.reply(invite, "200 OK")).replace(length, ""));
        assertRelayed(caller.receive());
    }

    @Test
    void shouldAcceptBlanksAfterTheContentLength() throws Exception {
        start(null);
        String length = "Content-Length: " + SipPhone.SDP.length();
        caller.send(
                proxy.address(),
                withSdp(caller.request("INVITE", bob(), COOKIE + "1")).replace(length, length + " \t"));

        assertRelayed(callee.receive());
    }

    @Test
    void shouldNotForwardBytesAfterTheBody() throws Exception {
        start(null);
        caller.send(
                proxy.address(), withSdp(caller.request("INVITE", bob(), COOKIE + "1")) + "m=audio 6 RTP/AVP 0\r\n");
        String invite = callee.receive();
        assertRelayed(invite);
        callee.send(proxy.address(), callee.reply(invite, "180 Ringing") + "after the body");
        assertThat(caller.receive()).startsWith("SIP/2.0 180 ").endsWith("\r\n\r\n");
    }

    /** Its SDP leads to the relay, and has nothing after it. */
    private static void assertRelayed(String message) {
        String body = message.substring(message.indexOf("\r\n\r\n") + 4);
        assertThat(body).contains("c=IN IP4 127.0.0.1\r\n").doesNotContain("m=audio 40000 ");
        assertThat(body.split("m=audio ", -1)).hasSize(2);
        assertThat(values(message, "Content-Length"))
                .allSatisfy(length -> assertThat(length.strip()).isEqualTo(Integer.toString(body.length())));
    }

    @Test
    void shouldRefuseContentLengthsThatDifferOrDoNotFit() throws Exception {
        start(null);
        for (String more : List.of("l: 20", "Content-Length: 9999")) {
            String request = withSdp(caller.request("INVITE", bob(), COOKIE + "1", "Call-ID: " + more, more));
            caller.send(proxy.address(), request);
            assertThat(caller.receive()).startsWith("SIP/2.0 400 ");
        }
        String ringing = callee.reply(caller.request("OPTIONS", bob(), COOKIE + "1"), "180 Ringing");
        callee.send(proxy.address(), ringing.replace("Content-Length: 0", "Content-Length: 0\r\nl: 1"));
        awaitTurn();
        assertThat(dispatcher.sessions()).isEmpty();
    }

    @Test
    void shouldIgnoreInvalidMessages() throws Exception {
        start(null);
        for (String junk : List.of(
                "",
                "\r\n\r\n",
                "\0",
                "hello",
                "INVITE\r\n\r\n",
                "SIP/2.0 200 OK\r\n\r\n",
                "INVITE sip:%s%n@x SIP/2.0\r\nVia: %d\r\n\r\n",
                caller.reply(caller.request("OPTIONS", bob(), COOKIE + "1"), "200 OK"))) {
            caller.send(proxy.address(), junk);
        }
        caller.send(proxy.address(), caller.request("OPTIONS", bob(), COOKIE + "1"));

        assertThat(callee.receive()).startsWith("OPTIONS ");
    }
}

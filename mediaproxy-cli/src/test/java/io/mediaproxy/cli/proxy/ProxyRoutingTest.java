package io.mediaproxy.cli.proxy;

import static io.mediaproxy.cli.proxy.SipPhone.branch;
import static io.mediaproxy.cli.proxy.SipPhone.values;
import static io.mediaproxy.cli.proxy.SipPhone.withSdp;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Forwards requests and responses where they lead, or refuses them. */
class ProxyRoutingTest extends ProxyUnderTest {
    @Test
    void shouldForwardARequestWithViaRecordRouteAndRelay() throws Exception {
        start(null);
        String sent = withSdp(caller.request("INVITE", bob(), COOKIE + "1;rport"));
        caller.send(proxy.address(), sent);
        String invite = callee.receive();

        String us = "127.0.0.1:" + proxy.address().getPort();
        assertThat(invite).startsWith("INVITE " + bob() + " SIP/2.0\r\n");
        assertThat(values(invite, "Via")).hasSize(2);
        assertThat(values(invite, "Via").get(0)).matches("SIP/2.0/UDP " + us + ";branch=" + COOKIE + "[0-9a-f]{32}");
        assertThat(values(invite, "Via").get(1))
                .contains(";rport=" + caller.port())
                .contains(";received=127.0.0.1");
        assertThat(values(invite, "Record-Route")).containsExactly("<sip:" + us + ";lr;in-dialog>");
        assertThat(values(invite, "Max-Forwards")).containsExactly("69");
        assertThat(invite).contains("c=IN IP4 127.0.0.1\r\n").doesNotContain("m=audio 40000 ");
        assertThat(values(invite, "Content-Length"))
                .containsExactly(Integer.toString(invite.length() - invite.indexOf("\r\n\r\n") - 4));
    }

    @Test
    void shouldForwardARequestThatBeginsWithTheRouteToTheProxy() throws Exception {
        start(null);
        String request = caller.request("OPTIONS", bob(), COOKIE + "1");
        caller.send(proxy.address(), request.replace(" SIP/2.0\r\n", " SIP/2.0\r\n" + route("") + "\r\n"));

        String sent = callee.receive();
        assertThat(sent).startsWith("OPTIONS ");
        assertThat(values(sent, "Route")).isEmpty();
        assertThat(values(sent, "Via")).hasSize(2);
    }

    @Test
    void shouldUseOneBranchForRetransmissionCancelAndAck() throws Exception {
        start(null);
        String invite = caller.request("INVITE", bob(), COOKIE + "1");
        caller.send(proxy.address(), invite);
        String first = callee.receive();
        awaitTurn();
        caller.send(proxy.address(), invite);
        String second = callee.receive();
        caller.send(proxy.address(), caller.request("CANCEL", bob(), COOKIE + "1"));
        String cancel = callee.receive();
        callee.send(proxy.address(), callee.reply(first, "487 Request Terminated"));
        assertThat(caller.receive()).startsWith("SIP/2.0 487 ");
        caller.send(proxy.address(), caller.request("ACK", bob(), COOKIE + "1", "To: <sip:bob@example.org>;tag=b"));
        String ack = callee.receive();
        caller.send(proxy.address(), caller.request("INVITE", bob(), COOKIE + "2", "Call-ID: next"));

        assertThat(second).isEqualTo(first);
        assertThat(cancel).startsWith("CANCEL ");
        assertThat(values(cancel, "Record-Route")).isEmpty();
        assertThat(ack).startsWith("ACK ");
        assertThat(List.of(branch(cancel), branch(ack))).containsOnly(branch(first));
        assertThat(branch(callee.receive())).isNotEqualTo(branch(first));
    }

    @Test
    void shouldCarryAWholeCallThroughTheRelayAndLeaveNoSession() throws Exception {
        start(callee.address());
        caller.send(proxy.address(), withSdp(caller.request("INVITE", "sip:bob@example.org", COOKIE + "1")));
        String invite = callee.receive();
        callee.send(proxy.address(), withSdp(callee.reply(invite, "200 OK")));
        String ok = caller.receive();
        assertThat(ok).contains("c=IN IP4 127.0.0.1\r\n");
        assertThat(dispatcher.sessions()).hasSize(1);

        String route = "Route: " + values(ok, "Record-Route").get(0);
        String to = "To: " + values(ok, "To").get(0);
        caller.send(proxy.address(), caller.request("ACK", bob(), COOKIE + "2", route, to));
        assertThat(callee.receive()).startsWith("ACK " + bob());
        // The other way round: the callee hangs up, and --next is no business of a request within the call.
        String bye = callee.request(
                "BYE",
                alice(),
                COOKIE + "3",
                route,
                "From: " + values(ok, "To").get(0),
                "To: <sip:alice@example.org>;tag=a");
        callee.send(proxy.address(), bye);
        String received = caller.receive();
        assertThat(received).startsWith("BYE " + alice());
        assertThat(values(received, "Route")).isEmpty();
        assertThat(values(received, "Record-Route")).isEmpty();
        caller.send(proxy.address(), caller.reply(received, "200 OK"));
        assertThat(callee.receive()).startsWith("SIP/2.0 200 OK");

        proxy.close();
        assertThat(dispatcher.sessions()).isEmpty();
        assertThat(statistics.total())
                .startsWith("total: calls 1 ")
                .contains(
                        ", up 0, sessions 0, messages 5 ",
                        " commands 3 ",
                        ", errors 0, refused 0, dropped 0, stray responses 0");
    }

    @Test
    void shouldUseTheNextServerForAConfiguredRoute() throws Exception {
        start(callee.address());
        caller.send(proxy.address(), caller.request("INVITE", "sip:bob@example.org", COOKIE + "1", route("")));

        String invite = callee.receive();
        assertThat(invite).startsWith("INVITE sip:bob@example.org SIP/2.0\r\n");
        assertThat(values(invite, "Route")).isEmpty();
    }

    @Test
    void shouldFollowTheRestOfTheRoute() throws Exception {
        start(caller.address());
        String next = "<sip:127.0.0.1:" + callee.port() + ";lr>";
        caller.send(
                proxy.address(),
                caller.request("INVITE", "sip:bob@example.org", COOKIE + "1", route("") + ", " + next));
        assertThat(values(callee.receive(), "Route")).containsExactly(next);
        caller.send(
                proxy.address(),
                caller.request(
                        "INVITE", "sip:bob@example.org", COOKIE + "2", "Call-ID: two", route(""), "Route: " + next));
        assertThat(values(callee.receive(), "Route")).containsExactly(next);
    }

    @Test
    void shouldRefuseUnroutableRequestsAndAbsorbTheirAck() throws Exception {
        start(null);
        String us = "sip:127.0.0.1:" + proxy.address().getPort();
        assertThat(refusal("INVITE", bob(), "Max-Forwards: 0")).startsWith("SIP/2.0 483 ");
        assertThat(refusal("INVITE", us, "Max-Forwards: 70")).startsWith("SIP/2.0 404 ");
        assertThat(refusal("INVITE", "sip:bob@example.org", "Max-Forwards: 70")).startsWith("SIP/2.0 503 ");
        assertThat(refusal("INVITE", "tel:+1234", "Max-Forwards: 70")).startsWith("SIP/2.0 416 ");
        assertThat(refusal("INVITE", bob(), "Route: <sip:192.0.2.1>")).startsWith("SIP/2.0 400 ");
        String extension = refusal("INVITE", bob(), "Proxy-Require: telepathy");
        assertThat(extension).startsWith("SIP/2.0 420 ");
        assertThat(values(extension, "Unsupported")).containsExactly("telepathy");

        String tag = values(extension, "To").get(0);
        assertThat(tag).contains(";tag=proxy-");
        assertThat(refusal("INVITE", bob(), "Proxy-Require: telepathy")).isEqualTo(extension);
        caller.send(proxy.address(), caller.request("ACK", bob(), COOKIE + "1", "To: " + tag));
        caller.send(proxy.address(), caller.request("ACK", bob(), COOKIE + "1", "Max-Forwards: 0"));
        caller.send(proxy.address(), caller.request("OPTIONS", bob(), COOKIE + "9"));
        assertThat(callee.receive()).startsWith("OPTIONS ");
        assertThat(dispatcher.sessions()).isEmpty();
        assertThat(statistics.total()).contains(", refused 7, dropped 2, stray responses 0");
    }

    private String refusal(String method, String uri, String field) throws Exception {
        caller.send(proxy.address(), withSdp(caller.request(method, uri, COOKIE + "1", field)));
        String refusal = caller.receive();
        awaitTurn();
        return refusal;
    }
}

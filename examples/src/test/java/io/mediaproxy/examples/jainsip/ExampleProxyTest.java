package io.mediaproxy.examples.jainsip;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.examples.jainsip.proxy.ExampleProxy;
import io.mediaproxy.examples.phone.SipText;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collections;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExampleProxyTest extends CallsOfAnExample {
    private static ExampleUnderTest example;

    ExampleProxyTest() throws IOException {
        super(example);
    }

    @BeforeAll
    static void start() throws Exception {
        example = new ExampleUnderTest(ExampleProxy::start);
    }

    @AfterAll
    static void stop() {
        example.close();
    }

    @Test
    void shouldStayInThePathOfTheCall() {
        SipText invite = callBob();
        alice.request("BYE", "");
        SipText bye = bob.expect("BYE");
        bob.respond(bye, 200, "");
        alice.expect("SIP/2.0 200");

        assertThat(invite.header("Call-ID")).isEqualTo(alice.callId());
        assertThat(invite.headers("Via")).hasSize(2);
        assertThat(invite.header("Max-Forwards")).isEqualTo("69");
        assertThat(invite.header("Record-Route")).contains(";lr");
        assertThat(SipText.address(invite.header("Record-Route"))).isEqualTo(invite.peer());
        assertThat(bye.headers("Route")).isEmpty();
        assertThat(bye.peer()).isEqualTo(invite.peer());
        assertThatTheSessionIsRemoved();
    }

    @Test
    void shouldRefuseARequestWhoseRouteLeadsNowhere() {
        alice.invite(bob, alice.sdp(5010), "Max-Forwards: 70", "Route: <sip:nobody.invalid;lr>");

        SipText refusal = alice.expect("SIP/2.0 503");
        assertThat(refusal.tag("To")).isNotEmpty();
        alice.acknowledge(refusal);
        assertThatTheSessionIsRemoved();
    }

    @Test
    void shouldSkipAllItsRoutesAtOnceAndCapMaxForwards() {
        String us = "<sip:127.0.0.1:" + example.address().getPort() + ";lr>";
        String routes = "Route: " + String.join(",", Collections.nCopies(100, us));
        alice.invite(bob, alice.sdp(5010), "Max-Forwards: 255", routes);
        SipText invite = bob.expect("INVITE");
        bob.respond(invite, 486, "");
        bob.expect("ACK");
        alice.acknowledge(alice.expect("SIP/2.0 486"));

        assertThat(invite.headers("Route")).isEmpty();
        assertThat(invite.headers("Via")).hasSize(2);
        assertThat(invite.header("Max-Forwards")).isEqualTo("69");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "0.0.0.0", "192.0.2.1;maddr=127.0.0.1"})
    void shouldNotSendARequestToItself(String host) {
        String[] parts = host.split(";", 2);
        String us = parts[0] + ":" + example.address().getPort() + (parts.length > 1 ? ";" + parts[1] : "");
        alice.invite(bob, alice.sdp(5010), "Route: <sip:" + us + ";lr>", "Max-Forwards: 255");

        if (host.equals("0.0.0.0")) { // skipped, as a route to itself
            bob.respond(bob.expect("INVITE"), 486, "");
            bob.expect("ACK");
            alice.acknowledge(alice.expect("SIP/2.0 486"));
        } else {
            alice.acknowledge(alice.expect("SIP/2.0 482"));
        }
    }

    @Test
    void shouldForwardARepeatedAnswerAndItsAck() {
        SipText invite = callBob();

        alice.forgetRepetitions();
        bob.respond(invite, 200, bob.sdp(6010));
        assertThat(alice.expect("SIP/2.0 200").media())
                .isEqualTo(stream().caller().local());
        alice.request("ACK", "");
        bob.expect("ACK");

        hangUp();
    }

    @Test
    void shouldDropAResponseThatIsToGoElsewhere() throws Exception {
        SipText invite = callBob();
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (DatagramSocket victim = new DatagramSocket(anyPort)) {
            String forged = answer(invite).replace(":" + alice.address().getPort(), ":" + victim.getLocalPort());
            bob.send(forged);
            alice.forgetRepetitions();
            bob.send(answer(invite));
            alice.expect("SIP/2.0 200 Repeated"); // so the one before was handled
            byte[] end = {'e'};
            victim.send(new DatagramPacket(end, 1, victim.getLocalSocketAddress()));
            DatagramPacket first = new DatagramPacket(new byte[100], 100);
            victim.receive(first);
            assertThat(first.getLength()).isEqualTo(1);
        }
        hangUp();
    }

    /** A 2xx without a transaction, as a repeated one, but of no concern for the media. */
    private String answer(SipText invite) {
        return String.join(
                "\r\n",
                "SIP/2.0 200 Repeated",
                "Via: " + String.join("\r\nVia: ", invite.headers("Via")),
                "From: " + invite.header("From"),
                "To: " + invite.header("To") + ";tag=b",
                "Call-ID: " + invite.header("Call-ID"),
                "CSeq: 7 OPTIONS",
                "Contact: <sip:b@127.0.0.1>",
                "Content-Length: 0",
                "",
                "");
    }
}

package io.mediaproxy.examples.jainsip;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.examples.jainsip.proxy.ExampleProxy;
import io.mediaproxy.examples.phone.SipText;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

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
}

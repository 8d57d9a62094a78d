package io.mediaproxy.examples.jainsip;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.examples.jainsip.b2bua.ExampleB2bua;
import io.mediaproxy.examples.phone.SipText;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ExampleB2buaTest extends CallsOfAnExample {
    private static ExampleUnderTest example;

    ExampleB2buaTest() throws IOException {
        super(example);
    }

    @BeforeAll
    static void start() throws Exception {
        example = new ExampleUnderTest(ExampleB2bua::start);
    }

    @AfterAll
    static void stop() {
        example.close();
    }

    @Test
    void shouldMakeASecondCall() {
        SipText invite = callBob();

        assertThat(invite.header("Call-ID")).isNotEqualTo(alice.callId());
        assertThat(invite.headers("Via")).hasSize(1);
        assertThat(invite.headers("Record-Route")).isEmpty();
        assertThat(invite.header("Max-Forwards")).isEqualTo("69");
        assertThat(invite.header("From")).startsWith("<sip:alice@example.org>");
        assertThat(SipText.address(invite.header("Contact"))).isEqualTo(invite.peer());
        hangUp();
    }

    @Test
    void shouldNotForwardAChallenge() {
        alice.invite(bob, alice.sdp(5010));
        bob.respond(bob.expect("INVITE"), 407, "");
        bob.expect("ACK");

        alice.acknowledge(alice.expect("SIP/2.0 403"));
        assertThatTheSessionIsRemoved();
    }
}

package io.mediaproxy.examples.jainsip;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.examples.jainsip.b2bua.SessionB2bua;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SessionB2buaTest extends CallsOfAnExample {
    private static ExampleUnderTest example;

    SessionB2buaTest() throws IOException {
        super(example);
    }

    @BeforeAll
    static void start() throws Exception {
        example = new ExampleUnderTest(SessionB2bua::start);
    }

    @AfterAll
    static void stop() {
        example.close();
    }

    /** The server refuses it before it asks for a relay. */
    @Override
    @Test
    void shouldRefuseARequestWithoutAHopLeft() {
        alice.invite(bob, alice.sdp(5010), "Max-Forwards: 0");

        alice.acknowledge(alice.expect("SIP/2.0 483"));
        assertThat(example.sessions(alice.callId())).isEmpty();
    }
}

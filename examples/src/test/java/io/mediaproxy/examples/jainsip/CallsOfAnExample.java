package io.mediaproxy.examples.jainsip;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.embedded.report.SessionStatistics;
import io.mediaproxy.embedded.report.StreamStatistics;
import io.mediaproxy.examples.phone.Phone;
import io.mediaproxy.examples.phone.SipText;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The calls of both examples: two phones behind NAT talk through the relay, and no session remains there. */
@Execution(ExecutionMode.CONCURRENT) // most of the time of most of them is Timer I
abstract class CallsOfAnExample {
    private final ExampleUnderTest example;
    final Phone alice;
    final Phone bob;

    CallsOfAnExample(ExampleUnderTest example) throws IOException {
        this.example = example;
        alice = new Phone("alice", "10.0.0.1", example.address());
        bob = new Phone("bob-" + UUID.randomUUID(), "192.168.1.2", example.address());
        example.register(bob.user(), bob.address());
    }

    @AfterEach
    void unplug() {
        alice.close();
        bob.close();
    }

    @Test
    void shouldRelayACallUntilTheCallerHangsUp() {
        callBob();

        alice.request("BYE", "");
        bob.respond(bob.expect("BYE"), 200, "");

        alice.expect("SIP/2.0 200");
        assertThatTheSessionIsRemoved();
    }

    @Test
    void shouldRelayACallUntilTheCalleeHangsUp() {
        callBob();

        bob.request("BYE", "");
        alice.respond(alice.expect("BYE"), 200, "");

        bob.expect("SIP/2.0 200");
        assertThatTheSessionIsRemoved();
    }

    @Test
    void shouldRelayTheMediaThatTheCallerMoves() {
        callBob();

        alice.request("INVITE", alice.sdp(5020));
        SipText offer = bob.expect("INVITE");
        bob.respond(offer, 200, bob.sdp(6010));
        SipText answer = alice.expect("SIP/2.0 200");
        alice.request("ACK", "");
        bob.expect("ACK");

        assertThat(offer.media()).isEqualTo(stream().callee().local());
        assertThat(answer.media()).isEqualTo(stream().caller().local());
        hangUp();
    }

    @Test
    void shouldRelayTheMediaThatTheCalleeMoves() {
        callBob();

        bob.request("INVITE", bob.sdp(6020));
        SipText offer = alice.expect("INVITE");
        alice.respond(offer, 200, alice.sdp(5010));
        SipText answer = bob.expect("SIP/2.0 200");
        bob.request("ACK", "");
        alice.expect("ACK");

        assertThat(offer.media()).isEqualTo(stream().caller().local());
        assertThat(answer.media()).isEqualTo(stream().callee().local());
        hangUp();
    }

    @Test
    void shouldKeepTheCallWhenTheOtherSideRefusesItsMove() {
        callBob();

        bob.request("INVITE", bob.sdp(6020));
        alice.respond(alice.expect("INVITE"), 488, "");
        alice.expect("ACK");
        bob.acknowledge(bob.expect("SIP/2.0 488"));

        hangUp();
    }

    @Test
    void shouldRelayAnEarlyAnswer() {
        alice.invite(bob, alice.sdp(5010));
        SipText invite = bob.expect("INVITE");
        bob.respond(invite, 183, bob.sdp(6010));
        SipText early = alice.expect("SIP/2.0 183");
        bob.respond(invite, 200, bob.sdp(6010));
        SipText answer = alice.expect("SIP/2.0 200");
        alice.request("ACK", "");
        bob.expect("ACK");

        assertThat(early.media()).isEqualTo(stream().caller().local());
        assertThat(answer.media()).isEqualTo(early.media());
        hangUp();
    }

    @Test
    void shouldCancelACallThatRings() {
        alice.invite(bob, alice.sdp(5010));
        SipText invite = bob.expect("INVITE");
        bob.respond(invite, 180, "");
        alice.expect("SIP/2.0 180");

        alice.request("CANCEL", "");
        alice.expect("SIP/2.0 200");
        bob.respond(bob.expect("CANCEL"), 200, "");
        bob.respond(invite, 487, "");
        bob.expect("ACK");

        alice.acknowledge(alice.expect("SIP/2.0 487"));
        assertThatTheSessionIsRemoved();
    }

    @Test
    void shouldHoldTheCancelUntilTheCalleeResponds() {
        alice.invite(bob, alice.sdp(5010));
        SipText invite = bob.expect("INVITE");
        alice.request("CANCEL", "");
        alice.expect("SIP/2.0 200");

        bob.respond(invite, 180, ""); // Bob's first response; the next message to him is the CANCEL
        bob.respond(bob.expect("CANCEL"), 200, "");
        bob.respond(invite, 487, "");
        bob.expect("ACK");

        alice.expect("SIP/2.0 180");
        alice.acknowledge(alice.expect("SIP/2.0 487"));
        assertThatTheSessionIsRemoved();
    }

    @Test
    void shouldForwardARefusal() {
        alice.invite(bob, alice.sdp(5010));
        bob.respond(bob.expect("INVITE"), 486, "");
        bob.expect("ACK");

        alice.acknowledge(alice.expect("SIP/2.0 486"));
        assertThatTheSessionIsRemoved();
    }

    @Test
    void shouldRefuseARequestWithoutAHopLeft() {
        alice.invite(bob, alice.sdp(5010), "Max-Forwards: 0");

        alice.acknowledge(alice.expect("SIP/2.0 483"));
        assertThatTheSessionIsRemoved();
    }

    @Test
    void shouldForwardARetransmissionOnce() {
        String invite = alice.invite(bob, alice.sdp(5010));
        SipText first = bob.expect("INVITE");
        alice.send(invite);
        bob.respond(first, 486, "");

        bob.expect("ACK"); // and no INVITE before it
        alice.acknowledge(alice.expect("SIP/2.0 486"));
        assertThatTheSessionIsRemoved();
    }

    /** Makes a call that is answered, with the relay in both directions. */
    SipText callBob() {
        alice.invite(bob, alice.sdp(5010));
        SipText invite = bob.expect("INVITE");
        bob.respond(invite, 180, "");
        alice.expect("SIP/2.0 180");
        bob.respond(invite, 200, bob.sdp(6010));
        SipText answer = alice.expect("SIP/2.0 200");
        alice.request("ACK", "");
        bob.expect("ACK");

        assertThat(invite.media()).isEqualTo(stream().callee().local());
        assertThat(answer.media()).isEqualTo(stream().caller().local());
        assertThat(invite.media()).isNotEqualTo(answer.media());
        return invite;
    }

    void hangUp() {
        alice.request("BYE", "");
        bob.respond(bob.expect("BYE"), 200, "");
        alice.expect("SIP/2.0 200");
        assertThatTheSessionIsRemoved();
    }

    /** The current stream of the call. */
    StreamStatistics stream() {
        List<SessionStatistics> calls = example.sessions(alice.callId());
        assertThat(calls).as("sessions of this call").hasSize(1);
        List<StreamStatistics> streams = calls.get(0).streams();
        return streams.get(streams.size() - 1);
    }

    void assertThatTheSessionIsRemoved() {
        example.assertThatTheSessionIsRemoved(alice.callId());
    }
}

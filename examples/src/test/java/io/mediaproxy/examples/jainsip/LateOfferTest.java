package io.mediaproxy.examples.jainsip;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.embedded.report.Fault;
import io.mediaproxy.embedded.report.StreamStatistics;
import io.mediaproxy.examples.SipServer;
import io.mediaproxy.examples.jainsip.b2bua.SessionB2bua;
import io.mediaproxy.examples.phone.Phone;
import io.mediaproxy.examples.phone.SipText;
import io.mediaproxy.junit.MediaProxyExtension;
import io.mediaproxy.session.MediaProxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Calls that only a B2BUA with sessions can relay, tested as a user would test a server. */
class LateOfferTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @RegisterExtension
    static final MediaProxyExtension media = MediaProxyExtension.builder().build();

    private MediaProxy mediaProxy;
    private SipServer server;
    private Phone bob;
    private Phone alice;

    @BeforeEach
    void start() throws Exception {
        bob = new Phone("bob", "192.168.1.2", ANY_PORT);
        mediaProxy = media.mediaProxy().timeout(PATIENCE).build();
        server = SessionB2bua.start(ANY_PORT, callee -> bob.address(), mediaProxy);
        alice = new Phone("alice", "10.0.0.1", server.address());
    }

    @AfterEach
    void stop() {
        alice.close();
        server.close();
        mediaProxy.close();
        bob.close();
    }

    @Test
    void shouldRelayTheOfferInTheResponseAndTheAnswerInTheAck() {
        alice.invite(bob, "");
        bob.respond(bob.expect("INVITE"), 200, bob.sdp(6010));
        SipText offer = alice.expect("SIP/2.0 200");
        alice.request("ACK", alice.sdp(5010));
        SipText answer = bob.expect("ACK");

        StreamStatistics stream = media.dispatcher().sessions().get(0).streams().get(0);
        assertThat(offer.media()).isEqualTo(stream.caller().local());
        assertThat(answer.media()).isEqualTo(stream.callee().local());
        hangUp();
    }

    @Test
    void shouldConnectACallForWhichThereIsNoRelay() {
        media.inject(new Fault.ReplyError());
        alice.invite(bob, alice.sdp(5010));
        SipText offer = bob.expect("INVITE");
        bob.respond(offer, 200, bob.sdp(6010));
        SipText answer = alice.expect("SIP/2.0 200");
        alice.request("ACK", "");
        bob.expect("ACK");

        assertThat(offer.media()).isEqualTo("10.0.0.1:5010");
        assertThat(answer.media()).isEqualTo("192.168.1.2:6010");
        hangUp();
    }

    private void hangUp() {
        alice.request("BYE", "");
        bob.respond(bob.expect("BYE"), 200, "");
        alice.expect("SIP/2.0 200");
        media.awaitSessions(0, PATIENCE);
    }
}

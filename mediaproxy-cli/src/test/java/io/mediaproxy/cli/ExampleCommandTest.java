package io.mediaproxy.cli;

import static io.mediaproxy.cli.Ran.mediaproxy;
import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.embedded.report.SessionStatistics;
import io.mediaproxy.examples.phone.Phone;
import io.mediaproxy.examples.phone.SipText;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(90)
class ExampleCommandTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    jainsip-proxy               | Missing required option: '--next=ADDRESS:PORT'
                    --next=127.0.0.1:5070       | 'jainsip-proxy|jainsip-b2bua|jainsip-session|pkts-proxy'
                    registrar --next=127.0.0.1:1 | "registrar": expected jainsip-proxy, jainsip-b2bua
                    """)
    void shouldRefuseInOneLineWhatItCannotUse(String options, String reason) {
        Ran ran = mediaproxy(("example " + options).split(" ", -1));

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err()).startsWith("mediaproxy: ").contains(reason).hasLineCount(1);
        assertThat(ran.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"jainsip-proxy", "jainsip-b2bua", "jainsip-session", "pkts-proxy"})
    @DisabledOnOs(OS.WINDOWS) // has no such signal
    void shouldRelayACallUntilTheCallerHangsUp(String example) throws Exception {
        CompletableFuture<SessionStatistics> ended = new CompletableFuture<>();
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (EmbeddedDispatcher dispatcher = EmbeddedDispatcher.builder()
                        .sessionListener(ended::complete)
                        .start();
                Phone bob = new Phone("bob", "192.168.1.2", loopback);
                ServerProcess server = new ServerProcess(
                        "example",
                        example,
                        "--next",
                        Addresses.text(bob.address()),
                        "--socket",
                        dispatcher.socket().toString());
                Phone alice = new Phone("alice", "10.0.0.1", server.address())) {
            alice.invite(bob, alice.sdp(5010));
            SipText invite = bob.expect("INVITE");
            bob.respond(invite, 200, bob.sdp(6010));
            SipText answer = alice.expect("SIP/2.0 200");
            alice.request("ACK", "");
            bob.expect("ACK");
            assertThat(invite.media()).startsWith("127.0.0.1:");
            assertThat(answer.media()).startsWith("127.0.0.1:").isNotEqualTo(invite.media());

            alice.request("BYE", "");
            bob.respond(bob.expect("BYE"), 200, "");
            alice.expect("SIP/2.0 200");
            assertThat(ended.get(20, TimeUnit.SECONDS).timedOut()).isFalse();
            assertThat(server.terminate()).isEmpty();
            assertThat(server.exitCode()).isEqualTo(143);
        }
    }

    @Test
    void shouldNameTheExamplesInItsHelp() {
        assertThat(mediaproxy("example", "--help").out())
                .contains("jainsip-proxy", "jainsip-b2bua", "jainsip-session", "pkts-proxy");
    }
}

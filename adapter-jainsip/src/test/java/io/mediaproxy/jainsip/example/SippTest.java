package io.mediaproxy.jainsip.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.embedded.SessionStatistics;
import io.mediaproxy.embedded.StreamStatistics;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import javax.sip.address.SipURI;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * sipp calls sipp through the examples, a hundred calls at a time: each is put on hold and taken back, and its RTP goes through the
 * relay to the callee and back, though both sides name addresses in their SDP that nobody can reach. Needs sipp; {@code -Psipp} runs
 * it.
 */
@Tag("sipp")
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SippTest {
    private static final int TALKS = 2; // before the hold, and after it
    private static final int PACKETS_PER_TALK = 5;
    private static final long PATIENCE_SECONDS = 60;

    @Test
    void shouldCarryTwoThousandCallsThroughTheProxy(@TempDir Path directory) throws Exception {
        carry(directory, 2000, 50, false, ExampleProxy::new);
    }

    @Test
    void shouldCarryTwoHundredCallsThroughTheB2bua(@TempDir Path directory) throws Exception {
        carry(directory, 200, 25, true, ExampleB2bua::new);
    }

    private void carry(
            Path directory,
            int calls,
            int callsPerSecond,
            boolean dialogs,
            BiFunction<ExampleStack, UnaryOperator<SipURI>, ExampleServer> server)
            throws Exception {
        try (ExampleUnderTest example = new ExampleUnderTest(dialogs, server);
                RtpConversations media = new RtpConversations(TALKS, PACKETS_PER_TALK);
                Sipp callee = Sipp.callee(directory, calls, media::greet)) {
            example.register("service", callee.address());
            try (Sipp caller = Sipp.caller(directory, calls, callsPerSecond, example.address(), media::talk)) {
                int exitCode = caller.exitCode(calls / callsPerSecond + PATIENCE_SECONDS);
                assertThat(exitCode)
                        .as("sipp says%n%s%n%s", caller.complaints(), callee.complaints())
                        .isZero();
                assertThat(callee.exitCode(PATIENCE_SECONDS))
                        .as(callee.complaints())
                        .isZero();
                for (Sipp party : new Sipp[] {caller, callee}) {
                    assertThat(party.figure("SuccessfulCall(C)")).isEqualTo(calls);
                    assertThat(party.figure("FailedCall(C)")).isZero();
                    assertThat(party.figure("Retransmissions(C)")).isLessThanOrEqualTo(calls / 100.0);
                }
                System.out.printf(
                        "sipp: %s, %d calls, %.1f calls per second, %.0f failed, %.0f retransmissions%n",
                        server.getClass(),
                        calls,
                        caller.figure("CallRate(C)"),
                        caller.figure("FailedCall(C)"),
                        caller.figure("Retransmissions(C)") + callee.figure("Retransmissions(C)"));
            }
            assertThatAllWasHeard(calls, example, media);
        }
    }

    private static void assertThatAllWasHeard(int calls, ExampleUnderTest example, RtpConversations media)
            throws Exception {
        Set<String> spokenTo = new HashSet<>();
        for (int call = 1; call <= calls; call++) {
            InetSocketAddress relay = media.finished(call).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            spokenTo.add(relay.getAddress().getHostAddress() + ':' + relay.getPort());
        }
        example.awaitRemoved(calls);
        assertThat(example.dispatcher().sessions()).isEmpty();
        assertThat(example.removed()).hasSize(calls).allSatisfy(session -> {
            StreamStatistics stream = onlyStream(session);
            assertThat(spokenTo).contains(stream.caller().local());
            assertThat(stream.caller().packets()).isGreaterThanOrEqualTo(TALKS * PACKETS_PER_TALK);
            assertThat(stream.callee().packets()).isGreaterThanOrEqualTo(TALKS * PACKETS_PER_TALK);
        });
    }

    private static StreamStatistics onlyStream(SessionStatistics session) {
        assertThat(session.timedOut()).isFalse();
        assertThat(session.streams()).hasSize(1);
        return session.streams().get(0);
    }
}

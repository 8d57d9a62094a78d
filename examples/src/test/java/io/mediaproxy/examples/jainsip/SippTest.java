package io.mediaproxy.examples.jainsip;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.embedded.report.SessionStatistics;
import io.mediaproxy.embedded.report.StreamStatistics;
import io.mediaproxy.examples.jainsip.b2bua.ExampleB2bua;
import io.mediaproxy.examples.jainsip.proxy.ExampleProxy;
import io.mediaproxy.examples.sipp.RtpConversations;
import io.mediaproxy.examples.sipp.Sipp;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * sipp calls sipp through the examples, a hundred calls at a time. Each call is put on hold and resumed, and its RTP
 * goes through the relay to the callee and back, although the SDP of both sides names unreachable addresses. Needs
 * sipp; {@code -Psipp} runs it.
 */
@Tag("sipp")
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SippTest {
    private static final int TALKS = 2; // before the hold, and after it
    private static final int PACKETS_PER_TALK = 5;
    private static final long PATIENCE_SECONDS = 60;

    @Test
    void shouldCarryTwoThousandCallsThroughTheProxy(@TempDir Path directory) throws Exception {
        try (ExampleUnderTest example = new ExampleUnderTest(ExampleProxy::start)) {
            warmUp(example, directory);
            carry(example, directory, 2000, 50);
        }
    }

    @Test
    void shouldCarryTwoHundredCallsThroughTheB2bua(@TempDir Path directory) throws Exception {
        try (ExampleUnderTest example = new ExampleUnderTest(ExampleB2bua::start)) {
            warmUp(example, directory);
            carry(example, directory, 200, 25);
        }
    }

    /** The first calls load classes, and are retransmitted meanwhile. */
    private static void warmUp(ExampleUnderTest example, Path directory) throws Exception {
        carry(example, directory, 20, 5);
    }

    /**
     * Makes calls, none of which may fail. The number of retransmissions is printed and not asserted: a proxy on an
     * idle machine needs none, on a busy machine more. In a B2BUA every second 200 may need one: JAIN-SIP's dialog
     * misses an ACK that arrives while the thread that sends the 200 is still running, as from a peer on the same
     * machine (SIPDialog.ackReceived).
     */
    private static void carry(ExampleUnderTest example, Path directory, int calls, int callsPerSecond)
            throws Exception {
        try (RtpConversations media = new RtpConversations(TALKS, PACKETS_PER_TALK);
                Sipp callee = Sipp.callee(directory, calls, media::greet)) {
            example.register("service", callee.address());
            try (Sipp caller = Sipp.caller(directory, calls, callsPerSecond, example.address(), media::talk)) {
                int callerExitCode = caller.exitCode(calls / callsPerSecond + PATIENCE_SECONDS);
                int calleeExitCode = callee.exitCode(PATIENCE_SECONDS);
                String summary = "sipp: " + caller.summary() + "; " + callee.summary();
                System.out.println(summary);
                assertThat(List.of(callerExitCode, calleeExitCode))
                        .as("%s%n%s%n%s", summary, caller.complaints(), callee.complaints())
                        .containsOnly(0);
                for (Sipp party : List.of(caller, callee)) {
                    assertThat(party.figure("SuccessfulCall(C)")).isEqualTo(calls);
                    assertThat(party.figure("FailedCall(C)")).isZero();
                }
                assertThatAllWasHeard(calls, example, media);
            }
        }
    }

    private static void assertThatAllWasHeard(int calls, ExampleUnderTest example, RtpConversations media)
            throws Exception {
        Set<String> spokenTo = new HashSet<>();
        for (int call = 1; call <= calls; call++) {
            InetSocketAddress relay = media.finished(call).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            spokenTo.add(relay.getAddress().getHostAddress() + ':' + relay.getPort());
        }
        assertThat(example.takeRemoved(calls)).hasSize(calls).allSatisfy(session -> {
            StreamStatistics stream = onlyStream(session);
            assertThat(spokenTo).contains(stream.caller().local());
            assertThat(stream.caller().packets()).isGreaterThanOrEqualTo(TALKS * PACKETS_PER_TALK);
            assertThat(stream.callee().packets()).isGreaterThanOrEqualTo(TALKS * PACKETS_PER_TALK);
        });
        assertThat(example.dispatcher().sessions()).isEmpty();
    }

    private static StreamStatistics onlyStream(SessionStatistics session) {
        assertThat(session.timedOut()).isFalse();
        assertThat(session.streams()).hasSize(1);
        return session.streams().get(0);
    }
}

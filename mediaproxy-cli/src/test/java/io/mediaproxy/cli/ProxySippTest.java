package io.mediaproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.examples.sipp.RtpConversations;
import io.mediaproxy.examples.sipp.Sipp;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * sipp calls sipp through the proxy, hundreds of calls at a time: each is put on hold and taken back, and its RTP goes
 * through the relay in the proxy's process to the callee and back. Needs sipp; {@code -Psipp} runs it. With
 * {@code -Dproxy.rate} the calls per second can be chosen.
 */
@Tag("sipp")
@Timeout(value = 6, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProxySippTest {
    private static final int TALKS = 2; // before the hold, and after it
    private static final int PACKETS_PER_TALK = 5;
    private static final long PATIENCE_SECONDS = 60;

    @Test
    void shouldCarryFiveThousandCallsAtTwoHundredASecondOnPkts(@TempDir Path directory) throws Exception {
        carry("pkts", directory, 5000, Integer.getInteger("proxy.rate", 200));
    }

    @Test
    void shouldCarryTheSameCallsOnJainSip(@TempDir Path directory) throws Exception {
        carry("jainsip", directory, 2000, Integer.getInteger("proxy.rate", 100));
    }

    /** Makes calls, none of which may fail, after some that load the classes. */
    private static void carry(String stack, Path directory, int calls, int callsPerSecond) throws Exception {
        InetSocketAddress callee = ProxyLoad.freeAddress();
        try (ServerProcess proxy = new ServerProcess(
                "proxy", "--statistics-interval=0", "--embedded", "--stack", stack, "--next", text(callee))) {
            call(proxy, callee, directory, callsPerSecond, Math.max(1, callsPerSecond / 8));
            Duration before = proxy.cpu();
            long begin = System.nanoTime();
            String summary = call(proxy, callee, directory, calls, callsPerSecond);
            double seconds = Duration.ofNanos(System.nanoTime() - begin).toMillis() / 1000.0;
            double busy = proxy.cpu().minus(before).toMillis() / 1000.0;
            List<String> lines = proxy.terminate();
            System.out.println("sipp: " + stack + ": " + summary + "; " + callsPerSecond + " calls/s, CPU " + busy
                    + " s in " + seconds + " s; " + lines);

            assertThat(proxy.exitCode()).isEqualTo(143); // SIGTERM's
            assertThat(lines)
                    .singleElement()
                    .asString()
                    .contains(" up 0, sessions 0, ", " errors 0, refused 0, dropped 0, stray responses 0");
        }
    }

    private static String call(
            ServerProcess proxy, InetSocketAddress address, Path directory, int calls, int callsPerSecond)
            throws Exception {
        try (RtpConversations media = new RtpConversations(TALKS, PACKETS_PER_TALK);
                Sipp callee = Sipp.callee(directory, calls, media::greet, address.getPort());
                Sipp caller = Sipp.caller(directory, calls, callsPerSecond, proxy.address(), media::talk)) {
            int callerExitCode = caller.exitCode(calls / callsPerSecond + PATIENCE_SECONDS);
            int calleeExitCode = callee.exitCode(PATIENCE_SECONDS);
            String summary = caller.summary() + "; " + callee.summary();
            assertThat(List.of(callerExitCode, calleeExitCode))
                    .as("%s%n%s%n%s", summary, caller.complaints(), callee.complaints())
                    .containsOnly(0);
            for (Sipp party : List.of(caller, callee)) {
                assertThat(party.figure("SuccessfulCall(C)")).isEqualTo(calls);
                assertThat(party.figure("FailedCall(C)")).isZero();
            }
            assertThat(caller.figure("refused(C)")).isZero();
            for (int i = 1; i <= calls; i++) {
                assertThat(media.finished(i)
                                .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                                .getAddress())
                        .isEqualTo(InetAddress.getLoopbackAddress());
            }
            return summary;
        }
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ':' + address.getPort();
    }
}

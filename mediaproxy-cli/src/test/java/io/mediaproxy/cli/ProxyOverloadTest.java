package io.mediaproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.cli.ProxyLoad.Outcome;
import io.mediaproxy.examples.sipp.Sipp;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Finds how many calls per second the proxy holds on this machine with a heap of 128 MB, makes twice as many for two
 * minutes, and then as many as it holds. It has to live, to complete four fifths of the rate that it holds, with a
 * relay, while it refuses the others, to carry them all after five seconds, and to leave no session of a call that is
 * over. Needs sipp, and a machine that does little else; {@code -Psoak} runs it, in six minutes for each stack.
 * {@code -Dproxy.rate} gives the rate that is held, {@code -Dproxy.overload} the seconds.
 */
@Tag("soak")
@Timeout(value = 12, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProxyOverloadTest {
    private static final int RECOVERY_SECONDS = 5;
    private static final int OVERLOAD_SECONDS = Integer.getInteger("proxy.overload", 120);
    private static final int HELD_SECONDS = 20;
    /** The share of the rate that is held, and that is completed during the overload. */
    private static final double GOODPUT = 0.8;

    private static final Pattern UP = Pattern.compile(" up ([0-9]+), sessions ([0-9]+),");

    @ParameterizedTest
    @ValueSource(strings = {"pkts", "jainsip"})
    void shouldRecoverFromTwiceTheRateThatItHolds(String stack, @TempDir Path directory) throws Exception {
        InetSocketAddress callee = ProxyLoad.freeAddress();
        Path log = directory.resolve("log");
        try (ServerProcess proxy = new ServerProcess(
                        List.of("-Xmx128m"),
                        ProcessBuilder.Redirect.to(log.toFile()),
                        "proxy",
                        "--statistics-interval=0",
                        "--embedded",
                        "--stack=" + stack,
                        "--next=" + callee.getAddress().getHostAddress() + ":" + callee.getPort());
                Sipp answers = Sipp.callee(
                        ProxyLoad.directory("callee", directory),
                        ProxyLoad.MANY_CALLS,
                        (call, to) -> {},
                        callee.getPort())) {
            ProxyLoad load = new ProxyLoad(proxy, directory);
            int held = load.rateThatIsHeld();
            Duration before = proxy.cpu();
            Sipp overload = load.caller("overload", 2 * held, OVERLOAD_SECONDS);
            boolean over = overload.endsWithin(OVERLOAD_SECONDS);
            Outcome first = load.run("first", held, RECOVERY_SECONDS);
            Outcome after = load.run("after", held, HELD_SECONDS);
            if (!over) {
                overload.exitCode(ProxyLoad.PATIENCE_SECONDS); // its last calls
            }
            Outcome during = Outcome.of(overload, 2 * held);
            double cpu = proxy.cpu().minus(before).toMillis() / 1000.0;
            List<String> lines = proxy.terminate();
            System.out.println("overload: " + stack + ": held " + held + "/s; goodput " + during.goodput() + "/s of "
                    + during + "; then " + first + "; then " + after + "; CPU " + cpu + " s; " + lines + "; callee "
                    + answers.summary());

            assertThat(proxy.exitCode()).isEqualTo(143); // SIGTERM's
            assertThat(Files.readString(log)).doesNotContain("OutOfMemoryError");
            assertThat(during.goodput()).as("%s", during).isGreaterThanOrEqualTo(GOODPUT * held);
            assertThat(after.isHeld()).as("%s", after).isTrue();
            Matcher total = UP.matcher(lines.get(lines.size() - 1));
            assertThat(total.find()).isTrue();
            assertThat(Integer.parseInt(total.group(2)))
                    .as("sessions")
                    .isLessThanOrEqualTo(Integer.parseInt(total.group(1)));
        }
    }
}

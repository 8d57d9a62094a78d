package io.mediaproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.examples.sipp.Sipp;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
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
 * over. Needs sipp, and a machine that does little else; {@code -Psoak} runs it, in five minutes for each stack.
 * {@code -Dproxy.rate} gives the rate that is held, {@code -Dproxy.overload} the seconds.
 */
@Tag("soak")
@Timeout(value = 12, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProxyOverloadTest {
    private static final int FIRST_RATE = 25;
    private static final int LARGEST_RATE = 3200;
    private static final int TRIAL_SECONDS = 8;
    private static final int RECOVERY_SECONDS = 5;
    private static final int OVERLOAD_SECONDS = Integer.getInteger("proxy.overload", 120);
    private static final int HELD_SECONDS = 20;
    /** For the calls that are not over: sipp gives each message 40 s. */
    private static final int PATIENCE_SECONDS = 180;
    /** A rate is held if no call fails and at most this share of the calls had a message sent again. */
    private static final double SENT_AGAIN = 0.05;

    /** The share of the rate that is held, and that is completed during the overload. */
    private static final double GOODPUT = 0.8;

    private static final int MANY = 1_000_000;
    private static final Pattern UP = Pattern.compile(" up ([0-9]+), sessions ([0-9]+),");

    /** The figures of one sipp that calls. */
    private record Outcome(
            int rate,
            double calls,
            double succeeded,
            double failed,
            double refused,
            double unrelayed,
            double sentAgain) {
        boolean isHeld() {
            return failed + refused + unrelayed == 0 && sentAgain <= SENT_AGAIN * calls;
        }

        /** Calls per second that were completed with a relay. */
        double goodput() {
            return (succeeded - refused - unrelayed) * rate / calls;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pkts", "jainsip"})
    void shouldRecoverFromTwiceTheRateThatItHolds(String stack, @TempDir Path directory) throws Exception {
        InetSocketAddress callee = freeAddress();
        Path log = directory.resolve("log");
        try (ServerProcess proxy = new ServerProcess(
                        List.of("-Xmx128m"),
                        ProcessBuilder.Redirect.to(log.toFile()),
                        "proxy",
                        "--statistics-interval=0",
                        "--embedded",
                        "--stack=" + stack,
                        "--next=" + callee.getAddress().getHostAddress() + ":" + callee.getPort());
                Sipp answers = Sipp.callee(directory("callee", directory), MANY, (call, to) -> {}, callee.getPort())) {
            int held = Integer.getInteger("proxy.rate", 0);
            if (held == 0) {
                held = rateThatIsHeld(proxy, directory);
            }
            Duration before = proxy.cpu();
            Sipp overload = caller(proxy, directory("overload", directory), 2 * held, OVERLOAD_SECONDS);
            boolean over = overload.endsWithin(OVERLOAD_SECONDS);
            Outcome first = run(proxy, directory("first", directory), held, RECOVERY_SECONDS);
            Outcome after = run(proxy, directory("after", directory), held, HELD_SECONDS);
            if (!over) {
                overload.exitCode(PATIENCE_SECONDS); // its last calls
            }
            Outcome during = outcome(overload, 2 * held);
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

    /** Doubles the rate while it is held. */
    private static int rateThatIsHeld(ServerProcess proxy, Path directory) throws Exception {
        run(proxy, directory("warm-up", directory), FIRST_RATE, TRIAL_SECONDS); // loads classes
        int held = 0;
        for (int rate = FIRST_RATE; rate <= LARGEST_RATE; rate *= 2) {
            Outcome outcome = run(proxy, directory("rate-" + rate, directory), rate, TRIAL_SECONDS);
            System.out.println("overload: " + outcome);
            if (!outcome.isHeld()) {
                break;
            }
            held = rate;
        }
        assertThat(held).as("a rate that is held").isPositive();
        return held;
    }

    private static Outcome run(ServerProcess proxy, Path directory, int rate, int seconds) throws Exception {
        try (Sipp caller = caller(proxy, directory, rate, seconds)) {
            caller.exitCode(seconds + PATIENCE_SECONDS);
            return outcome(caller, rate);
        }
    }

    private static Sipp caller(ServerProcess proxy, Path directory, int rate, int seconds) throws IOException {
        return Sipp.caller(directory, rate * seconds, rate, MANY, proxy.address(), (call, to) -> {});
    }

    private static Outcome outcome(Sipp caller, int rate) throws IOException {
        return new Outcome(
                rate,
                caller.figure("TotalCallCreated"),
                caller.figure("SuccessfulCall(C)"),
                caller.figure("FailedCall(C)"),
                caller.figure("refused(C)"),
                caller.figure("unrelayed(C)"),
                caller.figure("Retransmissions(C)"));
    }

    private static Path directory(String name, Path parent) throws IOException {
        return Files.createDirectory(parent.resolve(name));
    }

    private static InetSocketAddress freeAddress() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            return (InetSocketAddress) socket.getLocalSocketAddress();
        }
    }
}

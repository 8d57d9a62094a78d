package io.mediaproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.examples.sipp.Sipp;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Calls by sipp through a proxy in a separate process, at a rate.
 *
 * @param directory of the files of all runs, each of which has a name
 */
record ProxyLoad(ServerProcess proxy, Path directory) {
    /** More than any test makes. */
    static final int MANY_CALLS = 10_000_000;

    /** For the calls that are not over: sipp gives each message 40 s. */
    static final int PATIENCE_SECONDS = 180;

    private static final int MANY_AT_ONCE = 1_000_000;
    private static final int FIRST_RATE = 25;
    private static final int LARGEST_RATE = 3200;
    /** As long as a rate has to be held after an overload: one that is too high can be served for some seconds. */
    private static final int TRIAL_SECONDS = 20;
    /** A rate is held if no call fails and at most this share of the calls had a message sent again. */
    private static final double SENT_AGAIN = 0.05;

    /** The figures of one sipp that calls. */
    record Outcome(
            int rate,
            double calls,
            double succeeded,
            double failed,
            double refused,
            double unrelayed,
            double sentAgain) {
        /** The figures up to now. */
        static Outcome of(Sipp caller, int rate) throws IOException {
            return new Outcome(
                    rate,
                    caller.figure("TotalCallCreated"),
                    caller.figure("SuccessfulCall(C)"),
                    caller.figure("FailedCall(C)"),
                    caller.figure("refused(C)"),
                    caller.figure("unrelayed(C)"),
                    caller.figure("Retransmissions(C)"));
        }

        boolean isHeld() {
            return failed + refused + unrelayed == 0 && sentAgain <= SENT_AGAIN * calls;
        }

        /** Calls per second that were completed with a relay. */
        double goodput() {
            return (succeeded - refused - unrelayed) * rate / calls;
        }
    }

    /** Returns the rate of {@code -Dproxy.rate}, or else doubles the rate while it is held. */
    int rateThatIsHeld() throws Exception {
        int given = Integer.getInteger("proxy.rate", 0);
        if (given > 0) {
            return given;
        }
        run("warm-up", FIRST_RATE, TRIAL_SECONDS); // loads classes
        int held = 0;
        for (int rate = FIRST_RATE; rate <= LARGEST_RATE; rate *= 2) {
            Outcome outcome = run("rate-" + rate, rate, TRIAL_SECONDS);
            System.out.println("load: " + outcome);
            if (!outcome.isHeld()) {
                break;
            }
            held = rate;
        }
        assertThat(held).as("a rate that is held").isPositive();
        return held;
    }

    /** Makes calls for some seconds, and waits until they are over. */
    Outcome run(String name, int rate, int seconds) throws Exception {
        try (Sipp caller = caller(name, rate, seconds)) {
            caller.exitCode(seconds + PATIENCE_SECONDS);
            return Outcome.of(caller, rate);
        }
    }

    /** Begins to make calls for some seconds. */
    Sipp caller(String name, int rate, int seconds) throws IOException {
        return Sipp.caller(
                directory(name, directory), rate * seconds, rate, MANY_AT_ONCE, proxy.address(), (call, to) -> {});
    }

    static Path directory(String name, Path parent) throws IOException {
        return Files.createDirectory(parent.resolve(name));
    }

    static InetSocketAddress freeAddress() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            return (InetSocketAddress) socket.getLocalSocketAddress();
        }
    }
}

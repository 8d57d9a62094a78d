package io.mediaproxy.benchmarks.sip;

import java.io.IOException;
import java.time.Duration;

/**
 * The turn of one contestant: calls at one rate, and the processor time that they took.
 *
 * @param proxy processor time of the proxy
 * @param dispatcher processor time of its dispatcher
 */
record Turn(Calls calls, Duration proxy, Duration dispatcher) {
    private static final double NANOS_PER_MILLI = 1e6;

    /** Makes calls. */
    @FunctionalInterface
    interface Calling {
        Calls make() throws IOException, InterruptedException;
    }

    /** Makes calls while the contestant has no others, and waits for their end. */
    static Turn of(Contestant contestant, Calling calling) throws IOException, InterruptedException {
        contestant.awaitIdle();
        Duration proxy = contestant.proxyCpu();
        Duration dispatcher = contestant.dispatcherCpu();
        Calls calls = calling.make();
        contestant.awaitIdle();
        System.err.println(contestant.title() + ": " + calls);
        return new Turn(
                calls,
                contestant.proxyCpu().minus(proxy),
                contestant.dispatcherCpu().minus(dispatcher));
    }

    /** Divides processor time among the calls that completed, in ms. */
    double millisPerCall(Duration cpu) {
        return cpu.toNanos() / NANOS_PER_MILLI / Math.max(1, calls.counts().completed());
    }

    /** Returns the processor time of proxy and dispatcher for a call, in ms. */
    double millisPerCall() {
        return millisPerCall(proxy.plus(dispatcher));
    }
}

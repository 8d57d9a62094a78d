package io.mediaproxy.cli.demo;

import java.net.InetAddress;
import java.net.SocketException;
import java.text.ParseException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.sip.InvalidArgumentException;
import javax.sip.SipException;
import javax.sip.SipListener;

/**
 * One call from Alice to Bob, both behind NAT: their SDP names private addresses that nobody here can reach, their media comes
 * from other ports, and only a relay can join the two.
 *
 * <p>One thread at a time. Closing takes a second and leaves no thread.
 */
final class DemoCall implements AutoCloseable {
    static final PhoneProfile ALICE = new PhoneProfile("alice", "10.0.0.10", 40_000, new Tone(400), new Tone(1000));
    static final PhoneProfile BOB = new PhoneProfile("bob", "192.168.1.20", 50_000, new Tone(1000), new Tone(400));
    static final String DOMAIN = "example.org";

    private final Caller caller;
    private final Callee callee;
    private final StatefulProxy proxy;
    private final MessageTrace trace;
    private final ClosingTogether parts;
    private final Duration patience;

    private DemoCall(
            Caller caller,
            Callee callee,
            StatefulProxy proxy,
            MessageTrace trace,
            ClosingTogether parts,
            Duration patience) {
        this.caller = caller;
        this.callee = callee;
        this.proxy = proxy;
        this.trace = trace;
        this.parts = parts;
        this.patience = patience;
    }

    /**
     * Starts the phones and the proxy.
     *
     * @param bind where all of them listen, on ports that the system chooses
     * @param media stands between the stack and the proxy, and brings the relay in
     * @param patience how long the call waits for each answer before it is given up
     */
    static DemoCall prepare(InetAddress bind, Callee.Manner manner, UnaryOperator<SipListener> media, Duration patience)
            throws SipException, SocketException {
        ClosingTogether parts = new ClosingTogether();
        try {
            Callee callee = parts.add(Callee.start(bind, BOB, manner));
            MessageTrace trace = new MessageTrace(callee.address(), System::nanoTime);
            StatefulProxy proxy =
                    parts.add(StatefulProxy.start(bind, DOMAIN, Map.of(BOB.user(), callee.address()), media, trace));
            Caller caller = parts.add(Caller.start(bind, ALICE));
            return new DemoCall(caller, callee, proxy, trace, parts, patience);
        } catch (SipException | SocketException | RuntimeException e) {
            parts.close();
            throw e;
        }
    }

    Caller caller() {
        return caller;
    }

    Callee callee() {
        return callee;
    }

    /**
     * Calls, talks and hangs up.
     *
     * @param enough asked when the call is answered; they talk until it completes, however long that takes
     * @throws TimeoutException if SIP itself got no answer
     */
    CallOutcome run(Supplier<? extends CompletableFuture<?>> enough)
            throws SipException, InvalidArgumentException, ParseException, InterruptedException, TimeoutException {
        Optional<CallOutcome> refused = talk(enough);
        if (refused.isPresent()) {
            return refused.get();
        }
        try {
            await(caller.hangUp(), "no answer to the BYE", patience);
        } catch (ExecutionException e) {
            return outcome(true, reason(e));
        }
        return outcome(true, "BYE answered");
    }

    /**
     * Calls, talks, falls silent on both sides, and waits for somebody else to end the call.
     *
     * @param enough asked when the call is answered; they talk until it completes, however long that takes
     * @param silence how long they wait
     * @throws TimeoutException if SIP itself got no answer, or a phone no BYE
     */
    CallOutcome runIntoSilence(Supplier<? extends CompletableFuture<?>> enough, Duration silence)
            throws SipException, InvalidArgumentException, ParseException, InterruptedException, TimeoutException {
        Optional<CallOutcome> refused = talk(enough);
        if (refused.isPresent()) {
            return refused.get();
        }
        caller.audio().fallSilent();
        callee.audio().fallSilent();
        try {
            await(CompletableFuture.allOf(caller.ended(), callee.ended()), "no BYE to both phones", silence);
        } catch (ExecutionException e) {
            return outcome(true, reason(e));
        }
        return outcome(true, "BYE to both phones");
    }

    /** Up to the end of the talk; the outcome is there already if there was none. */
    private Optional<CallOutcome> talk(Supplier<? extends CompletableFuture<?>> enough)
            throws SipException, InvalidArgumentException, ParseException, InterruptedException, TimeoutException {
        try {
            await(caller.call(BOB.user(), DOMAIN, proxy.address()), "no answer to the INVITE", patience);
        } catch (ExecutionException e) {
            return Optional.of(outcome(false, reason(e)));
        }
        try {
            enough.get().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("what ends the talk failed", e.getCause());
        }
        return Optional.empty();
    }

    private static String reason(ExecutionException failure) {
        Throwable cause = failure.getCause();
        return String.valueOf(cause == null ? failure.getMessage() : cause.getMessage());
    }

    /** How things stand now. */
    CallOutcome outcome(boolean answered, String ended) {
        return new CallOutcome(
                answered, ended, caller.audio().statistics(), callee.audio().statistics(), trace.steps());
    }

    private static void await(CompletableFuture<?> what, String otherwise, Duration patience)
            throws InterruptedException, ExecutionException, TimeoutException {
        try {
            what.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            TimeoutException named = new TimeoutException(otherwise + " in " + patience.toMillis() + " ms");
            named.initCause(e);
            throw named;
        }
    }

    @Override
    public void close() {
        parts.close();
    }
}

package io.mediaproxy.cli.demo;

import io.mediaproxy.cli.demo.LadderStep.Party;
import io.mediaproxy.examples.jainsip.proxy.ExampleProxy;
import io.mediaproxy.examples.phone.SipText;
import io.mediaproxy.session.MediaProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.sip.SipException;

/**
 * One call from Alice to Bob through {@link ExampleProxy}. Both phones are behind NAT: their SDP names private
 * addresses that nothing here can reach, their media comes from other ports, and only a relay can join the two.
 *
 * <p>Not thread-safe. Closing takes a second and leaves no thread.
 */
final class DemoCall implements AutoCloseable {
    static final PhoneProfile ALICE = new PhoneProfile("alice", "10.0.0.10", 40_000, new Tone(400), new Tone(1000));
    static final PhoneProfile BOB = new PhoneProfile("bob", "192.168.1.20", 50_000, new Tone(1000), new Tone(400));

    private static final Duration BYE_PATIENCE = Duration.ofSeconds(10);
    private static final Duration LAST_PACKETS_PATIENCE = Duration.ofMillis(500);

    private final ExampleProxy proxy;
    private final MessageTrace trace;
    private final DemoPhone caller;
    private final DemoPhone callee;

    private DemoCall(ExampleProxy proxy, MessageTrace trace, DemoPhone caller, DemoPhone callee) {
        this.proxy = proxy;
        this.trace = trace;
        this.caller = caller;
        this.callee = callee;
    }

    /**
     * Starts the proxy and the phones.
     *
     * @param bind where all of them listen, on ports that the system chooses
     */
    static DemoCall prepare(InetAddress bind, MediaProxy mediaProxy) throws SipException, IOException {
        MessageTrace trace = new MessageTrace(System::nanoTime);
        CompletableFuture<InetSocketAddress> bob = new CompletableFuture<>();
        ExampleProxy proxy = ExampleProxy.start(new InetSocketAddress(bind, 0), uri -> bob.join(), mediaProxy);
        try {
            DemoPhone caller = DemoPhone.open(ALICE, proxy.address(), trace.at(Party.CALLER));
            try {
                DemoPhone callee = DemoPhone.open(BOB, proxy.address(), trace.at(Party.CALLEE));
                bob.complete(callee.address());
                return new DemoCall(proxy, trace, caller, callee);
            } catch (IOException e) {
                caller.close();
                throw e;
            }
        } catch (IOException e) {
            proxy.close();
            throw e;
        }
    }

    DemoPhone caller() {
        return caller;
    }

    DemoPhone callee() {
        return callee;
    }

    /**
     * Calls, talks and hangs up.
     *
     * @param enough called when the call is answered; the phones talk until it completes
     * @throws TimeoutException if an expected SIP message did not arrive
     */
    CallOutcome run(Supplier<? extends CompletableFuture<?>> enough) throws InterruptedException, TimeoutException {
        Optional<CallOutcome> refused = talk(enough);
        if (refused.isPresent()) {
            return refused.get();
        }
        fallSilent();
        CompletableFuture<Void> bye = callee.awaitHangUp(BYE_PATIENCE);
        await(caller.hangUp(), "no answer to the BYE");
        await(bye, "no BYE to the callee");
        return outcome(true, "BYE answered");
    }

    /**
     * Calls, talks, falls silent on both sides, and waits until the server ends the call.
     *
     * @param enough called when the call is answered; the phones talk until it completes
     * @param silence how long the phones wait for the BYE
     * @throws TimeoutException if an expected SIP message did not arrive
     */
    CallOutcome runIntoSilence(Supplier<? extends CompletableFuture<?>> enough, Duration silence)
            throws InterruptedException, TimeoutException {
        Optional<CallOutcome> refused = talk(enough);
        if (refused.isPresent()) {
            return refused.get();
        }
        fallSilent();
        await(
                CompletableFuture.allOf(caller.awaitHangUp(silence), callee.awaitHangUp(silence)),
                "no BYE to both phones");
        return outcome(true, "BYE to both phones");
    }

    /** Returns when the phones have talked. The outcome is present if the call was refused. */
    private Optional<CallOutcome> talk(Supplier<? extends CompletableFuture<?>> enough)
            throws InterruptedException, TimeoutException {
        CompletableFuture<Void> answered = callee.answer();
        SipText response = await(caller.call(callee), "no answer to the INVITE");
        if (response.status() >= 300) {
            return Optional.of(outcome(false, response.label()));
        }
        await(answered, "no ACK to the callee");
        await(enough.get(), "the talk failed");
        return Optional.empty();
    }

    /** Both phones stop talking, and hear the packets that are on their way, so that none looks lost in the report. */
    private void fallSilent() {
        caller.audio().fallSilent();
        callee.audio().fallSilent();
        CompletableFuture.allOf(
                        callee.audio().heard(caller.audio().statistics().sentPackets()),
                        caller.audio().heard(callee.audio().statistics().sentPackets()))
                .completeOnTimeout(null, LAST_PACKETS_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    /** The state of the call now. */
    private CallOutcome outcome(boolean answered, String ended) {
        return new CallOutcome(
                answered, ended, caller.audio().statistics(), callee.audio().statistics(), trace.steps());
    }

    /** A phone's step ends by itself: it waits a limited time for each message. */
    private static <T> T await(CompletableFuture<T> step, String problem)
            throws InterruptedException, TimeoutException {
        try {
            return step.get();
        } catch (ExecutionException e) {
            TimeoutException failure = new TimeoutException(
                    problem + ": " + Objects.requireNonNullElse(e.getCause(), e).getMessage());
            failure.initCause(e);
            throw failure;
        }
    }

    @Override
    public void close() {
        caller.close();
        callee.close();
        proxy.close();
    }
}

package io.mediaproxy.cli.proxy;

import static io.mediaproxy.cli.proxy.SipPhone.withSdp;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mediaproxy.examples.ProxyEvents;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Survives what one message does to it, and ends if it cannot. */
class ProxyFailureTest extends ProxyUnderTest {
    private static final int BATCH = 50;
    private static final int MAX_WAITING = 4096;

    private final AtomicInteger messages = new AtomicInteger();
    private final AtomicInteger overloaded = new AtomicInteger();
    /** The messages that had arrived when the first of them was dropped; 0 before. */
    private final AtomicInteger firstDropped = new AtomicInteger();

    private volatile @Nullable Thread handler;
    private volatile Supplier<Error> failure = () -> new AssertionError("for the test");
    private volatile boolean failing;
    private volatile boolean broken;

    @Override
    ProxyEvents events() {
        return new ProxyEvents() {
            @Override
            public void message() {
                if (failing) {
                    throw failure.get();
                }
                handler = Thread.currentThread();
                messages.incrementAndGet();
                statistics.message();
            }

            @Override
            public void error() {
                statistics.error();
                if (broken) {
                    throw failure.get();
                }
            }

            @Override
            public void overloaded() {
                overloaded.incrementAndGet();
                // JAIN-SIP's queue drops datagrams that get old, on other threads: those are not counted as messages.
                if (Thread.currentThread().equals(handler)) {
                    firstDropped.compareAndSet(0, messages.get());
                }
            }
        };
    }

    @Test
    void shouldLoseOnlyTheMessageWithAnError() throws Exception {
        start(null);
        int number = 0;
        for (Error error : new Error[] {
            new AssertionError("for the test"), new OutOfMemoryError("for the test"), new StackOverflowError()
        }) {
            failure = () -> error;
            failing = true;
            caller.send(proxy.address(), caller.request("OPTIONS", bob(), COOKIE + number, "Call-ID: " + number));
            number++;
            while (!statistics.total().contains(", errors " + number + ",")) {
                Thread.onSpinWait();
            }
            failing = false;
            awaitTurn();
        }
        assertThat(proxy.broken()).isNotDone();
    }

    @Test
    void shouldReportThatItCannotContinue() throws Exception {
        start(null);
        failing = true;
        broken = true;
        caller.send(proxy.address(), caller.request("OPTIONS", bob(), COOKIE + "1"));

        assertThatThrownBy(() -> proxy.broken().get(20, SECONDS)).hasCauseInstanceOf(AssertionError.class);
        failing = false;
        broken = false;
    }

    @Test
    void shouldForwardAResponseWithoutAReason() throws Exception {
        start(null);
        caller.send(proxy.address(), withSdp(caller.request("INVITE", bob(), COOKIE + "1")));
        String ok = withSdp(callee.reply(callee.receive(), "200 "));
        callee.send(proxy.address(), ok);

        String received = caller.receive();
        assertThat(received).startsWith("SIP/2.0 200 ").doesNotContain("m=audio 40000 ");
        assertThat(received.lines().findFirst().orElseThrow().strip()).isEqualTo("SIP/2.0 200");
        assertThat(statistics.total()).contains(", errors 0,");
    }

    @Test
    void shouldBoundTheMessagesThatWaitForTheDispatcher() throws Exception {
        gate = new CountDownLatch(1);
        start(null);
        caller.send(proxy.address(), withSdp(caller.request("INVITE", bob(), COOKIE + "1")));
        asked.get(20, SECONDS);
        for (int sent = 1; firstDropped.get() == 0 && sent < 4 * MAX_WAITING; sent++) {
            caller.send(proxy.address(), caller.request("OPTIONS", bob(), COOKIE + "more" + sent));
            while (firstDropped.get() == 0 && sent - messages.get() - overloaded.get() > BATCH) {
                Thread.onSpinWait(); // so that the socket's buffer suffices
            }
        }
        assertThat(firstDropped.get()).isBetween(MAX_WAITING, MAX_WAITING + 2 * BATCH);
        gate.countDown();
        assertThat(callee.receive()).startsWith("INVITE ");
        assertThat(callee.receive()).startsWith("OPTIONS ");
    }
}

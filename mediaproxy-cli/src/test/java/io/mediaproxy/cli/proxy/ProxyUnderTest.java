package io.mediaproxy.cli.proxy;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.embedded.report.ReceivedCommand;
import io.mediaproxy.examples.ProxyEvents;
import io.mediaproxy.examples.SipServer;
import io.mediaproxy.examples.pkts.proxy.PktsProxy;
import io.mediaproxy.session.MediaProxy;
import io.mediaproxy.session.MediaProxyBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests a proxy between two phones, on each stack. */
@ParameterizedClass
@EnumSource(ProxyUnderTest.Stack.class)
@Timeout(180)
abstract class ProxyUnderTest {
    static final String COOKIE = "z9hG4bK";
    /** How long a command may wait at the gate: thousands of messages are sent meanwhile. */
    private static final int GATE_SECONDS = 120;

    static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    enum Stack {
        PKTS,
        JAIN_SIP
    }

    @Parameter
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Stack stack;

    final CompletableFuture<ReceivedCommand> asked = new CompletableFuture<>();
    volatile CountDownLatch gate = new CountDownLatch(0);
    EmbeddedDispatcher dispatcher;
    MediaProxy mediaProxy;
    ProxyStatistics statistics;
    SipPhone caller;
    SipPhone callee;
    private int turns;

    @SuppressWarnings("NullAway.Init") // every test begins with start
    SipServer proxy;

    @BeforeEach
    void open() throws Exception {
        caller = new SipPhone();
        callee = new SipPhone();
        dispatcher = EmbeddedDispatcher.builder()
                .commandListener(this::waitAtTheGate)
                .start();
        statistics = new ProxyStatistics(System::nanoTime);
        MediaProxyBuilder builder =
                MediaProxy.builder().dispatcherSocket(dispatcher.socket()).timeout(Duration.ofSeconds(GATE_SECONDS));
        statistics.watch(builder);
        mediaProxy = builder.build();
        statistics.watch(mediaProxy, () -> dispatcher.counters().liveSessions());
    }

    @AfterEach
    void close() {
        gate.countDown();
        proxy.close();
        mediaProxy.close();
        dispatcher.close();
        caller.close();
        callee.close();
    }

    private void waitAtTheGate(ReceivedCommand command) {
        asked.complete(command);
        try {
            assertThat(gate.await(GATE_SECONDS, SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    void start(@Nullable InetSocketAddress next) throws Exception {
        start(ANY_PORT, next);
    }

    void start(InetSocketAddress listen, @Nullable InetSocketAddress next) throws Exception {
        proxy = stack == Stack.PKTS
                ? PktsProxy.start(listen, next, mediaProxy, events())
                : JainSipProxy.start(listen, next, mediaProxy, events());
    }

    ProxyEvents events() {
        return statistics;
    }

    String bob() {
        return "sip:bob@127.0.0.1:" + callee.port();
    }

    String alice() {
        return "sip:alice@127.0.0.1:" + caller.port();
    }

    String route(String parameters) {
        return "Route: <sip:127.0.0.1:" + proxy.address().getPort() + ";lr" + parameters + ">";
    }

    /** Has another request go through: JAIN-SIP drops a repeated one while its thread is not done with the first. */
    void awaitTurn() throws Exception {
        String turn = "turn" + turns++;
        caller.send(proxy.address(), caller.request("OPTIONS", bob(), COOKIE + turn, "Call-ID: " + turn));
        assertThat(callee.receive()).startsWith("OPTIONS ");
    }
}

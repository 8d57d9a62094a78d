package io.mediaproxy.cli.proxy;

import static io.mediaproxy.cli.proxy.SipPhone.withSdp;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Holds messages that wait for the dispatcher, in the order of their call. */
class ProxyOrderTest extends ProxyUnderTest {
    @Test
    void shouldDropRetransmissionsOfARequestThatWaits() throws Exception {
        gate = new CountDownLatch(1);
        start(null);
        String invite = withSdp(caller.request("INVITE", bob(), COOKIE + "1"));
        caller.send(proxy.address(), invite);
        asked.get(20, SECONDS);
        for (int i = 0; i < 9; i++) {
            caller.send(proxy.address(), invite);
        }
        caller.send(proxy.address(), caller.request("CANCEL", bob(), COOKIE + "1"));
        caller.send(proxy.address(), caller.request("OPTIONS", bob(), COOKIE + "2", "Call-ID: other"));
        assertThat(callee.receive()).startsWith("OPTIONS ");
        gate.countDown();

        assertThat(callee.receive()).startsWith("INVITE ");
        assertThat(callee.receive()).startsWith("CANCEL ");
        awaitTurn();
        caller.send(proxy.address(), invite);
        assertThat(callee.receive()).as("one that no longer waits").startsWith("INVITE ");
    }

    @Test
    void shouldKeepTheOrderOfACallAndNotDelayOthers() throws Exception {
        gate = new CountDownLatch(1);
        start(null);
        caller.send(proxy.address(), withSdp(caller.request("INVITE", bob(), COOKIE + "1")));
        asked.get(20, SECONDS);
        caller.send(proxy.address(), caller.request("CANCEL", bob(), COOKIE + "1"));
        caller.send(proxy.address(), caller.request("OPTIONS", bob(), COOKIE + "2", "Call-ID: other"));

        assertThat(callee.receive()).startsWith("OPTIONS ");
        gate.countDown();
        assertThat(callee.receive()).startsWith("INVITE ");
        assertThat(callee.receive()).startsWith("CANCEL ");
    }

    @Test
    void shouldForwardPendingMessagesWhenItCloses() throws Exception {
        gate = new CountDownLatch(1);
        start(null);
        caller.send(proxy.address(), withSdp(caller.request("INVITE", bob(), COOKIE + "1")));
        asked.get(20, SECONDS);
        CompletableFuture<Void> closed = CompletableFuture.runAsync(proxy::close);
        gate.countDown();

        assertThat(callee.receive()).startsWith("INVITE ").contains("c=IN IP4 127.0.0.1\r\n");
        closed.get(20, SECONDS);
        assertThat(dispatcher.sessions()).as("of a call that goes on").hasSize(1);
        new DatagramSocket(proxy.address()).close(); // the port is free again
    }
}

package io.mediaproxy.cli.proxy;

import static io.mediaproxy.cli.proxy.SipPhone.withSdp;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.protocol.DispatcherLoad;
import java.net.DatagramSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Holds messages that wait for the dispatcher, in the order of their call. */
class ProxyOrderTest extends ProxyUnderTest {
    /** A shorter time is a stall. */
    private static final Duration LATE_FOR_TOO_LONG = Duration.ofMillis(500);

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
    void shouldDropRetransmissionsOfAResponseThatWaits() throws Exception {
        start(null);
        caller.send(proxy.address(), withSdp(caller.request("INVITE", bob(), COOKIE + "1")));
        String invite = callee.receive();
        gate = new CountDownLatch(1);
        String ok = withSdp(callee.reply(invite, "200 OK"));
        for (int i = 0; i < 10; i++) {
            callee.send(proxy.address(), ok);
        }
        callee.send(proxy.address(), withSdp(callee.reply(invite, "200 OK").replace(";tag=b", ";tag=c")));
        caller.send(proxy.address(), caller.request("OPTIONS", bob(), COOKIE + "2", "Call-ID: other"));
        String options = callee.receive();
        assertThat(options).startsWith("OPTIONS ");
        callee.send(proxy.address(), callee.reply(options, "200 OK"));
        assertThat(caller.receive()).contains("CSeq: 1 OPTIONS\r\n");
        gate.countDown();

        assertThat(caller.receive()).contains("CSeq: 1 INVITE\r\n", ";tag=b\r\n");
        assertThat(caller.receive()).as("of another callee").contains("CSeq: 1 INVITE\r\n", ";tag=c\r\n");
    }

    private void awaitAnswerTime(Duration time) {
        while (mediaProxy.load().answerTime().compareTo(time) < 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void shouldRefuseNewCallsWhileTheDispatcherIsTooSlow() throws Exception {
        gate = new CountDownLatch(1);
        start(null);
        caller.send(proxy.address(), withSdp(caller.request("INVITE", bob(), COOKIE + "1")));
        asked.get(20, SECONDS);
        awaitAnswerTime(DispatcherLoad.LATE.plusMillis(1));
        caller.send(proxy.address(), withSdp(caller.request("INVITE", bob(), COOKIE + "9", "Call-ID: first-late")));
        caller.send(proxy.address(), caller.request("OPTIONS", bob(), COOKIE + "8", "Call-ID: after-it"));
        assertThat(callee.receive()).startsWith("OPTIONS ");
        awaitAnswerTime(mediaProxy.load().answerTime().plus(LATE_FOR_TOO_LONG));

        String invite = withSdp(caller.request("INVITE", bob(), COOKIE + "2", "Call-ID: other"));
        caller.send(proxy.address(), invite);
        String refusal = caller.receive();
        assertThat(refusal).startsWith("SIP/2.0 503 ").contains("Call-ID: other\r\n", "Retry-After: 5\r\n");
        String to = "To: " + SipPhone.values(refusal, "To").get(0);
        caller.send(proxy.address(), caller.request("ACK", bob(), COOKIE + "2", "Call-ID: other", to));
        String inDialog = "To: <sip:bob@example.org>;tag=b";
        caller.send(
                proxy.address(), withSdp(caller.request("INVITE", bob(), COOKIE + "3", "Call-ID: other", inDialog)));
        assertThat(callee.receive()).as("not the ACK").startsWith("INVITE ").contains(";tag=b\r\n");
        gate.countDown();

        assertThat(callee.receive()).startsWith("INVITE ").contains("Call-ID: call\r\n");
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

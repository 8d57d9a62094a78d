package io.mediaproxy.cli.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** More calls arrive than a proxy can read, although the dispatcher is idle. */
class ProxyFloodTest extends ProxyUnderTest {
    private static final int CALL_ID_DIGITS = 9;

    @Test
    void shouldRefuseNewCallsWhileTheSocketIsNeverEmpty() throws Exception {
        start(callee.address());
        assumeThat(stack).as("JAIN-SIP has a queue that shows its age").isEqualTo(Stack.PKTS);
        AtomicBoolean refused = new AtomicBoolean();
        CompletableFuture<Void> flood = CompletableFuture.runAsync(() -> sendNewCallsUntil(refused));

        String response = caller.receive(); // the proxy itself sends no other response
        refused.set(true);

        assertThat(response).startsWith("SIP/2.0 503 ").contains("\r\nRetry-After: ");
        flood.join();
    }

    private void sendNewCallsUntil(AtomicBoolean end) {
        String call = "0".repeat(CALL_ID_DIGITS);
        byte[] invite = caller.request("INVITE", bob(), COOKIE + call, "Call-ID: " + call)
                .getBytes(US_ASCII);
        int digits = new String(invite, US_ASCII).indexOf("Call-ID: ") + "Call-ID: ".length();
        try (DatagramSocket socket = new DatagramSocket()) {
            for (int i = 0; !end.get(); i++) {
                int rest = i;
                for (int digit = digits + CALL_ID_DIGITS - 1; digit >= digits; digit--) {
                    invite[digit] = (byte) ('0' + rest % 10);
                    rest /= 10;
                }
                socket.send(new DatagramPacket(invite, invite.length, proxy.address()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

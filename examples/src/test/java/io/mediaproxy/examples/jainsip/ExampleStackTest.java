package io.mediaproxy.examples.jainsip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExampleStackTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final int DEFAULT_OF_JAIN_SIP = 64 << 10;
    private static final int PATIENCE_MILLIS = 10_000;

    @Test
    void shouldAskForAReceiveBufferThatHoldsAPause() throws Exception {
        try (ExampleStack sip = new ExampleStack(ANY_PORT, false)) {
            assertThat(sip.stack().getReceiveUdpBufferSize()).isGreaterThan(DEFAULT_OF_JAIN_SIP);
        }
    }

    @Test
    void shouldRespondToAKeepAlive() throws Exception {
        byte[] ping = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        try (ExampleStack sip = new ExampleStack(ANY_PORT, false);
                DatagramSocket client = new DatagramSocket(ANY_PORT)) {
            client.setSoTimeout(PATIENCE_MILLIS);
            client.send(new DatagramPacket(ping, ping.length, sip.address()));
            client.receive(new DatagramPacket(new byte[ping.length], ping.length)); // or throws
        }
    }

    @Test
    void shouldRefuseAnAddressInUse() throws Exception {
        try (DatagramSocket taken = new DatagramSocket(ANY_PORT)) {
            InetSocketAddress address = (InetSocketAddress) taken.getLocalSocketAddress();
            assertThatThrownBy(() -> new ExampleStack(address, false)).isInstanceOf(BindException.class);
        }
    }

    @Test
    void shouldFreeItsPortAndEndItsThreadsWhenClosed() throws Exception {
        Set<Thread> before = Set.copyOf(Thread.getAllStackTraces().keySet());
        ExampleStack sip = new ExampleStack(ANY_PORT, true);
        List<Thread> started = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread) && !thread.isDaemon())
                .toList();
        sip.close();
        sip.close(); // has no effect

        assertThat(started).isNotEmpty();
        for (Thread thread : started) {
            thread.join(PATIENCE_MILLIS);
            assertThat(thread.isAlive()).as(thread.getName()).isFalse();
        }
        new DatagramSocket(sip.address()).close();
    }
}

package io.mediaproxy.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import javax.sip.ListeningPoint;
import org.junit.jupiter.api.Test;

class UdpStackTest {
    private static final int DEFAULT_OF_JAIN_SIP = 64 << 10;
    private static final int PATIENCE_MILLIS = 30_000;

    @Test
    void shouldHaveRoomForWhatComesWhileItHasNoProcessor() throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (DatagramSocket socket = new DatagramSocket(0, loopback);
                DatagramSocket other = new DatagramSocket(0, loopback)) {
            other.setReceiveBufferSize(UdpStack.RECEIVE_BUFFER); // as far as this system lets us
            UdpStack stack = new UdpStack("room", false, socket);
            try {
                stack.createListeningPoint(loopback.getHostAddress(), socket.getLocalPort(), ListeningPoint.UDP);
                awaitReader(socket, other);

                assertThat(socket.getReceiveBufferSize())
                        .isEqualTo(other.getReceiveBufferSize())
                        .isGreaterThan(DEFAULT_OF_JAIN_SIP);
            } finally {
                stack.stop();
            }
        }
    }

    /** The stack answers a keep-alive as soon as it reads, and cannot be stopped before. */
    private static void awaitReader(DatagramSocket socket, DatagramSocket other) throws IOException {
        byte[] keepAlive = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        other.setSoTimeout(PATIENCE_MILLIS);
        other.send(new DatagramPacket(keepAlive, keepAlive.length, socket.getLocalSocketAddress()));
        other.receive(new DatagramPacket(keepAlive, keepAlive.length));
    }
}

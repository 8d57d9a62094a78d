package io.mediaproxy.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramSocket;
import java.net.InetAddress;
import javax.sip.ListeningPoint;
import org.junit.jupiter.api.Test;

class UdpStackTest {
    private static final int DEFAULT_OF_JAIN_SIP = 64 << 10;

    @Test
    void shouldHaveRoomForWhatComesWhileItHasNoProcessor() throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (DatagramSocket socket = new DatagramSocket(0, loopback);
                DatagramSocket other = new DatagramSocket(0, loopback)) {
            other.setReceiveBufferSize(UdpStack.RECEIVE_BUFFER); // as far as this system lets us
            UdpStack stack = new UdpStack("room", false, socket);
            try {
                stack.createListeningPoint(loopback.getHostAddress(), socket.getLocalPort(), ListeningPoint.UDP);

                assertThat(socket.getReceiveBufferSize())
                        .isEqualTo(other.getReceiveBufferSize())
                        .isGreaterThan(DEFAULT_OF_JAIN_SIP);
            } finally {
                stack.stop();
            }
        }
    }
}

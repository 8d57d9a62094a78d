package io.mediaproxy.benchmarks.sip;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;

/** UDP ports of this machine. */
final class Ports {
    private Ports() {}

    /** One that nobody has. */
    static int free() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}

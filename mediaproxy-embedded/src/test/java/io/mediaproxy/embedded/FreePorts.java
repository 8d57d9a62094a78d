package io.mediaproxy.embedded;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Finds free UDP ports of 127.0.0.1. */
public final class FreePorts {
    private FreePorts() {}

    /** The first port, which is even, of a range of {@code count} free pairs. */
    public static int pairs(int count) {
        for (int attempt = 0; attempt < 1_000; attempt++) {
            int first = 4_096 + 2 * ThreadLocalRandom.current().nextInt(5_000);
            if (allFree(first, first + 2 * count)) {
                return first;
            }
        }
        throw new IllegalStateException("no range of " + count + " free port pairs");
    }

    public static boolean isFree(int port) {
        return allFree(port, port + 1);
    }

    public static boolean allFree(int first, int end) {
        List<DatagramSocket> sockets = new ArrayList<>();
        try {
            for (int port = first; port < end; port++) {
                sockets.add(new DatagramSocket(
                        new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port)));
            }
            return true;
        } catch (IOException e) {
            return false;
        } finally {
            sockets.forEach(DatagramSocket::close);
        }
    }
}

package io.mediaproxy.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.Arrays;

/** One end of a call: a UDP socket on 127.0.0.1. */
final class UdpEndpoint implements AutoCloseable {
    /** RTP version 2, payload type 0, and 160 bytes of G.711. */
    static final int RTP_SIZE = 172;

    private static final int GENEROUS_MILLIS = 20_000;

    private final DatagramSocket socket;

    UdpEndpoint() {
        try {
            socket = new DatagramSocket(new InetSocketAddress(loopback(), 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InetAddress loopback() {
        return InetAddress.getLoopbackAddress();
    }

    static byte[] rtp(int payloadType, int sequence) {
        byte[] packet = new byte[RTP_SIZE];
        packet[0] = (byte) 0x80;
        packet[1] = (byte) payloadType;
        packet[3] = (byte) sequence;
        return packet;
    }

    static byte[] stunBindingRequest() {
        byte[] packet = new byte[20];
        packet[1] = 1;
        packet[4] = 0x21;
        packet[5] = 0x12;
        packet[6] = (byte) 0xa4;
        packet[7] = 0x42;
        return packet;
    }

    String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    void send(byte[] packet, int port) {
        try {
            socket.send(new DatagramPacket(packet, packet.length, loopback(), port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the next packet. */
    byte[] receive() {
        return receive(GENEROUS_MILLIS);
    }

    /** Whether no packet has arrived. Called when the relay has settled. */
    boolean hasNothing() {
        try {
            receive(1);
            return false;
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof SocketTimeoutException) {
                return true;
            }
            throw e;
        }
    }

    private byte[] receive(int timeoutMillis) {
        DatagramPacket packet = new DatagramPacket(new byte[2_048], 2_048);
        try {
            socket.setSoTimeout(timeoutMillis);
            socket.receive(packet);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    @Override
    public void close() {
        socket.close();
    }
}

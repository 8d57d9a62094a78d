package io.mediaproxy.junit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The media sockets of the phones in a test, one for each stream of a party. Thread-safe. */
final class RtpEnds implements AutoCloseable {
    private static final int HEADER_BYTES = 12;
    private static final int PAYLOAD_BYTES = 160; // 20 ms of PCMU
    private static final byte VERSION = (byte) 0x80;
    private static final int LARGEST_DATAGRAM = 65_535;

    private record Stream(String callId, Side side, int number) {}

    private static final class End {
        private final DatagramSocket socket;
        private final AtomicInteger sequence = new AtomicInteger();

        End(DatagramSocket socket) {
            this.socket = socket;
        }
    }

    private final ConcurrentMap<Stream, End> ends = new ConcurrentHashMap<>();

    /** Sends one RTP packet to the relay. */
    void send(String callId, Side side, int number, InetSocketAddress relay) {
        End end = end(callId, side, number);
        int sequence = end.sequence.getAndIncrement();
        ByteBuffer packet = ByteBuffer.allocate(HEADER_BYTES + PAYLOAD_BYTES);
        packet.put(VERSION).put((byte) 0).putShort((short) sequence).putInt(sequence * PAYLOAD_BYTES);
        packet.putInt(side == Side.CALLER ? 1 : 2); // SSRC
        try {
            end.socket.send(new DatagramPacket(packet.array(), packet.capacity(), relay));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a packet from the relay arrives in time. */
    boolean hears(String callId, Side side, int number, Duration patience) {
        DatagramSocket socket = end(callId, side, number).socket;
        try {
            socket.setSoTimeout((int) Math.max(1, patience.toMillis()));
            socket.receive(new DatagramPacket(new byte[LARGEST_DATAGRAM], LARGEST_DATAGRAM));
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private End end(String callId, Side side, int number) {
        return ends.computeIfAbsent(new Stream(callId, side, number), stream -> {
            try {
                return new End(new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Override
    public void close() {
        ends.values().forEach(end -> end.socket.close());
    }
}

package io.mediaproxy.cli.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/** A relay of two sockets: each learns its side from the first packet and hands packets to the other. */
final class LearningRelay implements AutoCloseable {
    private static final long PACKETS_TO_SEE = 10;

    private final Side caller;
    private final Side callee;

    /** @param transform changes each payload; an empty one is not forwarded */
    LearningRelay(InetAddress bind, UnaryOperator<byte[]> transform) throws IOException {
        caller = new Side(bind, transform);
        callee = new Side(bind, transform);
        caller.relayTo(callee);
        callee.relayTo(caller);
    }

    /** The address for the caller's media. */
    InetSocketAddress callerSide() {
        return (InetSocketAddress) caller.socket.getLocalSocketAddress();
    }

    /** The address for the callee's media. */
    InetSocketAddress calleeSide() {
        return (InetSocketAddress) callee.socket.getLocalSocketAddress();
    }

    /** Completes when both phones have sent some packets here. */
    CompletableFuture<Void> bothTalk() {
        return CompletableFuture.allOf(caller.seen, callee.seen);
    }

    @Override
    public void close() {
        for (Side side : List.of(caller, callee)) {
            side.socket.close();
        }
    }

    private static final class Side {
        private final DatagramSocket socket;
        private final UnaryOperator<byte[]> transform;
        private final AtomicReference<SocketAddress> learned = new AtomicReference<>();
        private final CompletableFuture<Void> seen = new CompletableFuture<>();

        Side(InetAddress bind, UnaryOperator<byte[]> transform) throws IOException {
            this.socket = new DatagramSocket(new InetSocketAddress(bind, 0));
            this.transform = transform;
        }

        void relayTo(Side other) {
            new Thread(() -> relay(other), "relay").start();
        }

        private void relay(Side other) {
            DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
            for (long count = 1; ; count++) {
                packet.setLength(2048);
                try {
                    socket.receive(packet);
                    learned.compareAndSet(null, packet.getSocketAddress());
                    byte[] payload = transform.apply(Arrays.copyOf(packet.getData(), packet.getLength()));
                    SocketAddress target = other.learned.get();
                    if (payload.length > 0 && target != null) {
                        other.socket.send(new DatagramPacket(payload, payload.length, target));
                    }
                } catch (IOException e) {
                    if (socket.isClosed() || other.socket.isClosed()) {
                        return;
                    }
                    throw new UncheckedIOException(e);
                }
                if (count == PACKETS_TO_SEE) {
                    seen.complete(null);
                }
            }
        }
    }
}

package io.mediaproxy.protocol.backchannel;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that takes datagrams out of the kernel, which keeps only a few ({@code net.unix.max_dgram_qlen}, 10 by default) and
 * loses the rest without an error to anyone. It does nothing else.
 */
final class DatagramReader implements Runnable {
    /** A request with the longest dialog id has less than half of it. */
    static final int MAX_DATAGRAM_BYTES = 4096;

    private static final Logger LOG = LoggerFactory.getLogger(DatagramReader.class);

    private final BoundSocket socket;
    private final Selector selector;
    private final Inbox inbox;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(MAX_DATAGRAM_BYTES + 1);

    private volatile boolean closing;

    DatagramReader(BoundSocket socket, Selector selector, Inbox inbox) throws IOException {
        this.socket = socket;
        this.selector = selector;
        this.inbox = inbox;
        socket.channel().register(selector, SelectionKey.OP_READ);
    }

    /** Where datagrams go; must not block. */
    interface Inbox {
        /**
         * Takes a datagram.
         *
         * @param bytes the receiver's from now on
         * @param sender null: a socket without an address
         */
        void put(byte[] bytes, @Nullable SocketAddress sender);
    }

    /** Lets the thread end; from any thread. */
    void close() {
        closing = true;
        selector.wakeup();
    }

    @Override
    public void run() {
        try {
            while (!closing) {
                selector.select();
                selector.selectedKeys().clear();
                readAll();
            }
        } catch (IOException | RuntimeException | Error e) {
            LOG.error("the back channel on {} ends: reading failed", socket.path(), e);
        } finally {
            end();
        }
    }

    private void readAll() throws IOException {
        AFUNIXDatagramChannel channel = socket.channel();
        SocketAddress sender = receive(channel);
        while (buffer.hasRemaining() && !closing) {
            if (buffer.remaining() > MAX_DATAGRAM_BYTES) {
                LOG.warn("dropped a datagram from {}: more than {} bytes", sender, MAX_DATAGRAM_BYTES);
            } else {
                handOver(sender);
            }
            sender = receive(channel);
        }
    }

    private void handOver(@Nullable SocketAddress sender) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        try {
            inbox.put(bytes, sender);
        } catch (RuntimeException e) { // one request may be lost, not all that would follow
            LOG.error("handing over a datagram from {} failed", sender, e);
        }
    }

    /** Leaves nothing in the buffer for an empty datagram as for none: the selector comes back for what is behind it. */
    private @Nullable SocketAddress receive(AFUNIXDatagramChannel channel) throws IOException {
        buffer.clear();
        SocketAddress sender = channel.receive(buffer);
        buffer.flip();
        return sender;
    }

    private void end() {
        try {
            selector.close();
        } catch (IOException e) {
            LOG.warn("closing the selector", e);
        }
        socket.close();
    }
}

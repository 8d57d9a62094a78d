package io.mediaproxy.protocol.backchannel;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads datagrams from the kernel on a thread that does nothing else: the kernel keeps only a few
 * ({@code net.unix.max_dgram_qlen}, 10 by default) and drops the rest without an error. {@link #close} is for any
 * thread.
 */
final class DatagramReader implements Runnable {
    /** Longest datagram that is read. A request with the longest dialog id is less than half as long. */
    static final int MAX_DATAGRAM_BYTES = 4096;

    private static final Logger LOG = LoggerFactory.getLogger(DatagramReader.class);

    /** After a failure, so that a lasting one does not keep a processor busy. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final BoundSocket socket;
    private final Selector selector;
    private final Inbox inbox;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(MAX_DATAGRAM_BYTES + 1);

    /** Confined to the reading thread. */
    private long failures;

    private volatile boolean closing;

    DatagramReader(BoundSocket socket, Selector selector, Inbox inbox) throws IOException {
        this.socket = socket;
        this.selector = selector;
        this.inbox = inbox;
        socket.channel().register(selector, SelectionKey.OP_READ);
    }

    /** Receives datagrams. */
    interface Inbox {
        /**
         * Receives a datagram. Must not block.
         *
         * @param bytes owned by the receiver from now on
         * @param sender null if the sender's socket has no address
         */
        void put(byte[] bytes, @Nullable SocketAddress sender);
    }

    /** Makes the thread end. */
    void close() {
        closing = true;
        selector.wakeup();
    }

    @Override
    public void run() {
        try {
            while (!closing && selector.isOpen()) {
                readAndSurvive();
            }
        } catch (IOException e) {
            LOG.error("the back channel on {} ends: reading failed", socket.path(), e);
        } finally {
            end();
        }
    }

    private void readAndSurvive() throws IOException {
        try {
            selector.select();
            selector.selectedKeys().clear();
            readAll();
        } catch (RuntimeException | Error e) {
            onFailure(e);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Logs the first failure, the second, the fourth, the eighth and so on. */
    private void onFailure(Throwable failure) {
        if (Long.bitCount(++failures) == 1) {
            LOG.error("the back channel on {} lost requests, {} times so far", socket.path(), failures, failure);
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
        } catch (RuntimeException | Error e) { // lose this request, but none that follows
            onFailure(e);
        }
    }

    /**
     * Reads one datagram. The buffer is empty if there is none, and after an empty one; the selector then reports the
     * next.
     */
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
            LOG.warn("closing the selector failed", e);
        }
        socket.close();
    }
}

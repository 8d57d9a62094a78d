package io.mediaproxy.protocol.backchannel;

import io.mediaproxy.protocol.log.CountedLine;
import io.mediaproxy.protocol.log.Log;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFUNIXDatagramChannel;

/**
 * Reads datagrams from the kernel on a thread that does nothing else: the kernel keeps only a few
 * ({@code net.unix.max_dgram_qlen}, 10 by default) and drops the rest without an error. It reads all that are queued
 * before it hands the first one over, since a hand-over wakes another thread. {@link #close} is for any thread.
 */
final class DatagramReader implements Runnable {
    /** Longest datagram that is read. A request with the longest dialog id is less than half as long. */
    static final int MAX_DATAGRAM_BYTES = 4096;

    private static final Log LOG = Log.of(DatagramReader.class);

    /** After a failure, so that a lasting one does not keep a processor busy. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** Most datagrams that are read before they are handed over, of which each takes up to 4 KiB. */
    private static final int MAX_BATCH = 512;

    /** A datagram between reading and hand-over. */
    private static final class Datagram {
        final byte[] bytes;
        final @Nullable SocketAddress sender;

        Datagram(byte[] bytes, @Nullable SocketAddress sender) {
            this.bytes = bytes;
            this.sender = sender;
        }
    }

    private final WatchedSocket socket;
    private final Inbox inbox;
    private final CountedLine badDatagrams;
    private final Queue<Datagram> batch = new ArrayDeque<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(MAX_DATAGRAM_BYTES + 1);

    /** Confined to the reading thread. */
    private long failures;

    private volatile boolean closing;

    DatagramReader(WatchedSocket socket, CountedLine badDatagrams, Inbox inbox) {
        this.socket = socket;
        this.badDatagrams = badDatagrams;
        this.inbox = inbox;
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
        wakeUp();
    }

    /** Makes the thread look at the clock. */
    void wakeUp() {
        socket.wakeUp();
    }

    @Override
    public void run() {
        try {
            while (!closing) {
                readAndSurvive();
            }
        } finally {
            socket.close();
        }
    }

    private void readAndSurvive() {
        try {
            socket.await();
            readAll();
            socket.checkIfDue();
        } catch (IOException | RuntimeException | Error e) {
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
        try {
            AFUNIXDatagramChannel channel = socket.channel();
            if (!channel.isOpen()) {
                return; // its file is lost and could not be bound again
            }
            SocketAddress sender = receive(channel);
            while (buffer.hasRemaining()) {
                keep(sender);
                if (batch.size() == MAX_BATCH || closing) {
                    return;
                }
                sender = receive(channel);
            }
        } finally {
            for (Datagram next = batch.poll(); next != null; next = batch.poll()) {
                handOver(next);
            }
        }
    }

    private void keep(@Nullable SocketAddress sender) {
        if (buffer.remaining() > MAX_DATAGRAM_BYTES) {
            badDatagrams.log("dropped a datagram from {}: more than {} bytes", sender, MAX_DATAGRAM_BYTES);
        } else {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            batch.add(new Datagram(bytes, sender));
        }
    }

    private void handOver(Datagram datagram) {
        try {
            inbox.put(datagram.bytes, datagram.sender);
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
}

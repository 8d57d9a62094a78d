package io.mediaproxy.protocol;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * One socket to the dispatcher and the one command that may be in flight on it. Used by whoever has {@link IoLoop}'s turn.
 *
 * <p>A socket of the JDK: its selector scales and wakes up cheaply, and an interrupt of a calling thread does not close it as long
 * as it does not block.
 */
final class Connection {
    final ReplyParser parser = new ReplyParser();

    private final SocketChannel channel;
    private final SelectionKey key;

    /** What the connection carries; null while it is idle. */
    @Nullable PendingCommand pending;

    private boolean waitingToWrite;
    private boolean discarded;

    /** When a connection that was set aside is closed. */
    long setAsideUntilNanos;

    Connection(SocketChannel channel, Selector selector) throws IOException {
        this.channel = channel;
        channel.configureBlocking(false);
        this.key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    /** Connects; on a UNIX socket that succeeds or fails at once. */
    static Connection open(UnixDomainSocketAddress address, Selector selector) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.configureBlocking(false);
            if (!channel.connect(address)) {
                throw new IOException("the dispatcher's backlog of connections is full");
            }
            return new Connection(channel, selector);
        } catch (IOException e) {
            try {
                channel.close();
            } catch (IOException onClose) {
                e.addSuppressed(onClose);
            }
            throw e;
        }
    }

    /**
     * Writes as much of the command as the socket takes, and waits for room if that is not all. Then the rest is encoded again:
     * a command nearly always goes out at once, and its bytes need not be kept.
     *
     * @param bytes room for any command
     * @param scratch direct buffer with room for any command
     */
    void write(PendingCommand pending, byte[] bytes, ByteBuffer scratch) throws IOException {
        int length = CommandEncoder.encode(pending.command, bytes);
        scratch.clear();
        scratch.put(bytes, pending.written, length - pending.written);
        scratch.flip();
        pending.written += channel.write(scratch);
        pending.isWritten = pending.written == length;
        if (waitingToWrite == pending.isWritten) {
            waitingToWrite = !waitingToWrite;
            key.interestOps(waitingToWrite ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        }
    }

    /** Returns as {@link SocketChannel#read(ByteBuffer)}: -1 at the end of the stream. */
    int read(ByteBuffer buffer) throws IOException {
        buffer.clear();
        int count = channel.read(buffer);
        buffer.flip();
        return count;
    }

    boolean isWaitingToWrite() {
        return waitingToWrite;
    }

    boolean isDiscarded() {
        return discarded;
    }

    void close() throws IOException {
        discarded = true;
        key.cancel();
        channel.close();
    }
}

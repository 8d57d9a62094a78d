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
 * One socket to the dispatcher, and the one command that may be in flight on it. Confined to the holder of
 * {@link IoLoop}'s turn.
 *
 * <p>The socket is one of the JDK, not of junixsocket: its selector scales and is cheap to wake up, and an interrupt of
 * a caller's thread does not close it, because it never blocks.
 */
final class Connection {
    final ReplyParser parser = new ReplyParser();

    private final SocketChannel channel;
    private final SelectionKey key;

    /** The command in flight; null while the connection is idle. */
    @Nullable PendingCommand pending;

    private boolean waitingToWrite;
    private boolean discarded;

    /** Of its last command, see {@link LateReplies}. */
    long number;

    /** When to close the connection, if it is set aside. */
    long setAsideUntilNanos;

    Connection(SocketChannel channel, Selector selector) throws IOException {
        this.channel = channel;
        channel.configureBlocking(false);
        this.key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    /**
     * Connects, which succeeds or fails at once on a UNIX socket.
     *
     * @return null if the backlog of the listener is full (EAGAIN): the dispatcher is there, but does not accept
     */
    static @Nullable Connection open(UnixDomainSocketAddress address, Selector selector) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.configureBlocking(false);
            if (channel.connect(address)) {
                return new Connection(channel, selector);
            }
            channel.close();
            return null;
        } catch (IOException | RuntimeException | Error e) {
            try {
                channel.close();
            } catch (IOException onClose) {
                e.addSuppressed(onClose);
            }
            if (!(e instanceof IOException failure)) {
                throw e;
            }
            if (ConnectFailure.isBacklogFull(failure, address.getPath())) {
                return null;
            }
            throw ConnectFailure.explained(failure, address.getPath());
        }
    }

    /**
     * Writes as many bytes of the command as the socket takes. If some are left, asks the selector for room; the next
     * call encodes the command again and writes the rest. That is rare, so that no connection keeps encoded bytes.
     *
     * @param bytes has room for any command
     * @param scratch a direct buffer with room for any command
     */
    void write(PendingCommand pending, byte[] bytes, ByteBuffer scratch) throws IOException {
        int length = CommandEncoder.encode(pending.command, bytes);
        scratch.clear();
        scratch.put(bytes, pending.bytesWritten, length - pending.bytesWritten);
        scratch.flip();
        pending.bytesWritten += channel.write(scratch);
        pending.isWritten = pending.bytesWritten == length;
        if (waitingToWrite == pending.isWritten) {
            waitingToWrite = !waitingToWrite;
            key.interestOps(waitingToWrite ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        }
    }

    /**
     * Reads into a buffer and flips it. Returns as {@link SocketChannel#read(ByteBuffer)}, -1 at the end of the stream.
     */
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

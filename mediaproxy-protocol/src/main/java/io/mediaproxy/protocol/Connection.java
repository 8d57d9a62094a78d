package io.mediaproxy.protocol;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.AFUNIXSocketChannel;

/** One socket to the dispatcher and the one command that may be in flight on it. Owned by the I/O thread. */
final class Connection {
    final ReplyParser parser = new ReplyParser();

    private final AFUNIXSocketChannel channel;
    private final SelectionKey key;

    /** What the connection carries; null while it is idle. */
    @Nullable Exchange exchange;

    private boolean discarded;

    /** When a connection that was set aside is closed. */
    long setAsideUntilNanos;

    Connection(AFUNIXSocketChannel channel, Selector selector) throws IOException {
        this.channel = channel;
        channel.configureBlocking(false);
        this.key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    /** Connects; on a UNIX socket that succeeds or fails at once. */
    static Connection open(AFUNIXSocketAddress address, Selector selector) throws IOException {
        AFUNIXSocketChannel channel = AFUNIXSocketChannel.open();
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
     * Writes as much of the command as the socket takes, and waits for room if that is not all.
     *
     * @param scratch direct buffer with room for any command
     */
    void write(Exchange command, ByteBuffer scratch) throws IOException {
        if (isHungUp()) {
            throw new ClosedChannelException();
        }
        scratch.clear();
        scratch.put(command.bytes, command.written, command.bytes.length - command.written);
        scratch.flip();
        command.written += channel.write(scratch);
        int interest = command.isWritten() ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE;
        if (key.interestOps() != interest) {
            key.interestOps(interest);
        }
    }

    /** Returns as {@link AFUNIXSocketChannel#read(ByteBuffer)}: -1 at the end of the stream. */
    int read(ByteBuffer buffer) throws IOException {
        buffer.clear();
        int count = channel.read(buffer);
        buffer.flip();
        return count;
    }

    boolean isWaitingToWrite() {
        return key.isValid() && (key.interestOps() & SelectionKey.OP_WRITE) != 0;
    }

    /** junixsocket cancels the key of a socket whose peer hung up, after selecting it one last time. */
    boolean isHungUp() {
        return !key.isValid();
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

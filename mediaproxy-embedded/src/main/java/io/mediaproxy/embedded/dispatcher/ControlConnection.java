package io.mediaproxy.embedded.dispatcher;

import io.mediaproxy.embedded.loop.SelectorLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: commands come in, replies go out when they are there. It ends without a further word when the
 * client closes its sending half, even with replies outstanding, or breaks the protocol. Used by the dispatcher's thread
 * only.
 */
final class ControlConnection implements SelectorLoop.Ready {
    private static final Logger LOG = LoggerFactory.getLogger(ControlConnection.class);

    private final SocketChannel channel;
    private final ByteBuffer readBuffer;
    private final Consumer<ControlConnection> onClose;
    private final CommandReader reader;
    private final Queue<ByteBuffer> unsent = new ArrayDeque<>();
    private @Nullable SelectionKey key;
    private boolean open = true;

    /**
     * A connection that is not watched yet.
     *
     * @param readBuffer lent by the dispatcher, all its connections share it
     * @param onCommand called for every command
     */
    ControlConnection(
            SocketChannel channel,
            ByteBuffer readBuffer,
            BiConsumer<ControlConnection, Command> onCommand,
            Consumer<ControlConnection> onClose) {
        this.channel = channel;
        this.readBuffer = readBuffer;
        this.onClose = onClose;
        this.reader = new CommandReader(command -> onCommand.accept(this, command));
    }

    void watch(SelectorLoop loop) throws IOException {
        key = loop.register(channel, SelectionKey.OP_READ, this);
    }

    @Override
    public void ready(SelectionKey readyKey) {
        try {
            if (readyKey.isWritable()) {
                flush();
            }
            if (open && readyKey.isReadable()) {
                read();
            }
        } catch (IOException e) {
            LOG.debug("A control connection broke: {}", e.getMessage());
            close();
        }
    }

    /** Reads until nothing is left, so that an end that came with a command is seen before the command's reply is. */
    private void read() throws IOException {
        while (open) {
            readBuffer.clear();
            int count = channel.read(readBuffer);
            if (count == 0) {
                return;
            }
            if (count < 0) {
                close();
                return;
            }
            readBuffer.flip();
            if (!reader.read(readBuffer)) {
                LOG.debug("A client broke the protocol, its connection is closed");
                close();
            }
            if (!unsent.isEmpty()) {
                return;
            }
        }
    }

    /** Sends bytes; on a closed connection they are lost. */
    void send(ByteBuffer bytes) {
        if (!open) {
            return;
        }
        unsent.add(bytes);
        try {
            flush();
        } catch (IOException e) {
            LOG.debug("A control connection broke: {}", e.getMessage());
            close();
        }
    }

    /** A client that does not read its replies is not read from either, so it cannot pile them up. */
    private void flush() throws IOException {
        for (ByteBuffer next = unsent.peek(); next != null; next = unsent.peek()) {
            channel.write(next);
            if (next.hasRemaining()) {
                break;
            }
            unsent.remove();
        }
        SelectionKey watched = key;
        if (watched != null) {
            watched.interestOps(unsent.isEmpty() ? SelectionKey.OP_READ : SelectionKey.OP_WRITE);
        }
    }

    void close() {
        if (!open) {
            return;
        }
        open = false;
        unsent.clear();
        try {
            channel.close();
        } catch (IOException e) {
            LOG.warn("Closing a control connection failed", e);
        }
        onClose.accept(this);
    }
}

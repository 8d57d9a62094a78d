package io.mediaproxy.embedded.dispatcher;

import io.mediaproxy.embedded.log.Log;
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

/**
 * The connection of one client: receives commands and sends replies. Confined to the dispatcher thread.
 *
 * <p>It closes when the client closes its sending half, even if replies are outstanding, or violates the protocol.
 */
final class ControlConnection implements SelectorLoop.Ready {
    private static final Log LOG = Log.of(ControlConnection.class);

    private final SocketChannel channel;
    private final ByteBuffer readBuffer;
    private final Consumer<ControlConnection> onClose;
    private final CommandReader reader;
    private final Queue<ByteBuffer> unsent = new ArrayDeque<>();
    private @Nullable SelectionKey key;
    private boolean open = true;
    private boolean paused;

    /**
     * Creates a connection that does not read yet.
     *
     * @param readBuffer shared by all connections of a dispatcher
     * @param onCommand called for every command
     * @param onClose called once when it closes
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

    /** Starts to read. */
    void watch(SelectorLoop loop) throws IOException {
        key = loop.register(channel, SelectionKey.OP_READ, this);
    }

    @Override
    public void ready(SelectionKey readyKey) {
        if (paused) {
            return;
        }
        try {
            if (readyKey.isWritable()) {
                flush();
            }
            if (open && readyKey.isReadable()) {
                read();
            }
        } catch (IOException e) {
            LOG.debug("a control connection failed: {}", e.getMessage());
            close();
        }
    }

    /**
     * Reads until nothing is left, so that the end of the stream is noticed before the reply to its last command is
     * sent.
     */
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
                LOG.debug("a client violated the protocol, its connection is closed");
                close();
            }
            if (!unsent.isEmpty()) {
                return;
            }
        }
    }

    /** Reads nothing until {@link #resume}. */
    void pause() {
        paused = true;
        watch();
    }

    /** Continues after {@link #pause}. */
    void resume() {
        paused = false;
        watch();
    }

    /** Sends bytes. On a closed connection they are lost. */
    void send(ByteBuffer bytes) {
        if (!open) {
            return;
        }
        unsent.add(bytes);
        try {
            flush();
        } catch (IOException e) {
            LOG.debug("a control connection failed: {}", e.getMessage());
            close();
        }
    }

    /** Does not read while replies are unsent, so that a client that reads no replies cannot accumulate them. */
    private void flush() throws IOException {
        for (ByteBuffer next = unsent.peek(); next != null; next = unsent.peek()) {
            channel.write(next);
            if (next.hasRemaining()) {
                break;
            }
            unsent.remove();
        }
        watch();
    }

    private void watch() {
        SelectionKey watched = key;
        if (watched != null && watched.isValid()) {
            int next = unsent.isEmpty() ? SelectionKey.OP_READ : SelectionKey.OP_WRITE;
            watched.interestOps(paused ? 0 : next);
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
            LOG.warn("closing a control connection failed", e);
        }
        onClose.accept(this);
    }
}

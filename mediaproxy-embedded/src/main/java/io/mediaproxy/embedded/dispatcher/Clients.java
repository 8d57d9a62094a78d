package io.mediaproxy.embedded.dispatcher;

import io.mediaproxy.embedded.log.Log;
import io.mediaproxy.embedded.loop.SelectorLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/** The listening socket and the connections of all clients. Confined to the dispatcher thread. */
final class Clients {
    private static final Log LOG = Log.of(Clients.class);
    private static final int READ_BUFFER_SIZE = 64 * 1024;

    private final SelectorLoop loop;
    private final ListeningSocket listener;
    private final BiConsumer<ControlConnection, Command> onCommand;
    private final SelectionKey acceptKey;
    private final Set<ControlConnection> connections = new LinkedHashSet<>();
    private final ByteBuffer readBuffer = ByteBuffer.allocateDirect(READ_BUFFER_SIZE);
    private boolean paused;

    /**
     * Accepts connections from now on.
     *
     * @param onCommand called for every command
     * @throws IOException the socket is closed
     */
    Clients(SelectorLoop loop, ListeningSocket listener, BiConsumer<ControlConnection, Command> onCommand)
            throws IOException {
        this.loop = loop;
        this.listener = listener;
        this.onCommand = onCommand;
        this.acceptKey = loop.register(listener.channel(), SelectionKey.OP_ACCEPT, key -> accept());
    }

    private void accept() {
        try {
            SocketChannel channel = paused ? null : listener.accept();
            while (channel != null) {
                ControlConnection connection =
                        new ControlConnection(channel, readBuffer, onCommand, connections::remove);
                connections.add(connection);
                connection.watch(loop);
                channel = listener.accept();
            }
        } catch (IOException e) {
            LOG.warn("accepting a connection on {} failed", listener.path(), e);
        }
    }

    /** Accepts and reads nothing until {@link #resume}. */
    void pause() {
        if (!paused) {
            paused = true;
            setInterest(0);
            connections.forEach(ControlConnection::pause);
        }
    }

    /** Continues after {@link #pause}. */
    void resume() {
        if (paused) {
            paused = false;
            setInterest(SelectionKey.OP_ACCEPT);
            connections.forEach(ControlConnection::resume);
        }
    }

    private void setInterest(int operations) {
        if (acceptKey.isValid()) {
            acceptKey.interestOps(operations);
        }
    }

    int count() {
        return connections.size();
    }

    /** Closes all connections. */
    void close() {
        List.copyOf(connections).forEach(ControlConnection::close);
    }
}

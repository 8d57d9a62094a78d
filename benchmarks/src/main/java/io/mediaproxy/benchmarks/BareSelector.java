package io.mediaproxy.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The least that one thread can do which waits for several sockets at once: the JDK's selector and sockets, which do not block,
 * as a client has them, and no client.
 */
final class BareSelector implements AutoCloseable {
    private final Selector selector = Selector.open();
    private final List<SocketChannel> channels = new ArrayList<>();
    private final ByteBuffer command;
    private final ByteBuffer in = ByteBuffer.allocateDirect(1024);
    /** A field, because a method reference at each select would be garbage for each reply. */
    private final Consumer<SelectionKey> onReply = this::takeReply;

    private int unwritten;
    private int unanswered;

    /** @param command what goes out each time, from the beginning of a direct buffer to its limit */
    BareSelector(Path peer, int connections, ByteBuffer command) throws IOException {
        this.command = command;
        for (int i = 0; i < connections; i++) {
            SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(peer));
            channels.add(channel);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
        }
    }

    /** Has so many commands answered, one at a time on each connection; returns what came last, from the buffer's beginning. */
    ByteBuffer ask(int commands) throws IOException {
        unwritten = commands;
        unanswered = commands;
        for (SocketChannel channel : channels) {
            write(channel);
        }
        while (unanswered > 0) {
            selector.select(onReply);
        }
        return in;
    }

    private void takeReply(SelectionKey key) {
        SocketChannel channel = (SocketChannel) key.channel();
        try {
            if (channel.read(in.clear()) < 0) {
                throw new IOException("the peer closed the connection");
            }
            unanswered--;
            write(channel);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(SocketChannel channel) throws IOException {
        if (unwritten > 0) {
            unwritten--;
            channel.write(command.rewind());
        }
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel channel : channels) {
            channel.close();
        }
        selector.close();
    }
}

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
 * One thread that waits for several sockets, with the non-blocking sockets and the selector of the JDK that a client
 * uses, but without a client. Not thread-safe.
 */
final class BareSelector implements AutoCloseable {
    private final Selector selector = Selector.open();
    private final List<SocketChannel> channels = new ArrayList<>();
    private final ByteBuffer command;
    private final ByteBuffer in = ByteBuffer.allocateDirect(1024);
    /** A field, because a method reference at each select would allocate. */
    private final Consumer<SelectionKey> onReply = this::takeReply;

    private int unwritten;
    private int unanswered;

    /** @param command the bytes to send each time, from the beginning of a direct buffer to its limit */
    BareSelector(Path peer, int connections, ByteBuffer command) throws IOException {
        this.command = command;
        for (int i = 0; i < connections; i++) {
            SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(peer));
            channels.add(channel);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
        }
    }

    /** Sends this many commands, one at a time on each connection; returns the last reply from position 0. */
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

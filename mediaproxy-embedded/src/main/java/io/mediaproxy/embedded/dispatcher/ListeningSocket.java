package io.mediaproxy.embedded.dispatcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The UNIX socket on which a dispatcher listens, and its file. Confined to the dispatcher thread. */
final class ListeningSocket {
    private static final Logger LOG = LoggerFactory.getLogger(ListeningSocket.class);

    private final Path path;
    private final @Nullable Path ownDirectory;
    private final ServerSocketChannel channel;

    private ListeningSocket(Path path, @Nullable Path ownDirectory, ServerSocketChannel channel) {
        this.path = path;
        this.ownDirectory = ownDirectory;
        this.channel = channel;
    }

    /**
     * Binds a path, and replaces a stale socket file.
     *
     * @throws UncheckedIOException the path cannot be bound; no file is left
     */
    static ListeningSocket bind(Path path) {
        return bind(path, null);
    }

    /**
     * Binds a file in a new directory.
     *
     * @param parent of the new directory
     * @throws UncheckedIOException as {@link #bind(Path)}
     */
    static ListeningSocket bindInNewDirectory(Path parent) {
        Path directory;
        try {
            directory = Files.createTempDirectory(parent, "mediaproxy-");
        } catch (IOException e) {
            throw new UncheckedIOException("the dispatcher cannot create a directory for its socket in " + parent, e);
        }
        return bind(directory.resolve("dispatcher.sock"), directory);
    }

    private static ListeningSocket bind(Path path, @Nullable Path ownDirectory) {
        try {
            ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                SocketFile.removeStale(path);
                channel.bind(UnixDomainSocketAddress.of(path));
                return new ListeningSocket(path, ownDirectory, channel);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            if (ownDirectory != null) {
                SocketFile.delete(ownDirectory);
            }
            throw new UncheckedIOException("the dispatcher cannot listen on " + path, e);
        }
    }

    Path path() {
        return path;
    }

    ServerSocketChannel channel() {
        return channel;
    }

    @Nullable SocketChannel accept() throws IOException {
        return channel.isOpen() ? channel.accept() : null;
    }

    /** Stops listening and removes the file. The directory stays, since it may contain another socket. */
    void stop() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.warn("closing {} failed", path, e);
        }
        SocketFile.delete(path);
    }

    /** Stops listening, and removes the directory if it was created for the socket. */
    void close() {
        stop();
        if (ownDirectory != null) {
            SocketFile.delete(ownDirectory);
        }
    }
}

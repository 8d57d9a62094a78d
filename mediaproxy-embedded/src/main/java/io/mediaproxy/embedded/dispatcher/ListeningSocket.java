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

/** The UNIX socket that a dispatcher listens on, and its file. */
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
     * Binds, and replaces a socket file that is there.
     *
     * @throws UncheckedIOException the path cannot be bound; nothing stays behind
     */
    static ListeningSocket bind(Path path) {
        return bind(path, null);
    }

    /**
     * Binds a file in a fresh directory.
     *
     * @param parent where to make the directory
     * @throws UncheckedIOException as {@link #bind(Path)}
     */
    static ListeningSocket bindInFreshDirectory(Path parent) {
        Path directory;
        try {
            directory = Files.createTempDirectory(parent, "mediaproxy-");
        } catch (IOException e) {
            throw new UncheckedIOException("The dispatcher cannot make a directory for its socket in " + parent, e);
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
            throw new UncheckedIOException("The dispatcher cannot listen on " + path, e);
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

    /** Stops listening and removes the file; the directory stays, since others may have a file in it. */
    void stop() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.warn("Closing {} failed", path, e);
        }
        SocketFile.delete(path);
    }

    /** Stops if it has not, and removes the directory if it was made for it. */
    void close() {
        stop();
        if (ownDirectory != null) {
            SocketFile.delete(ownDirectory);
        }
    }
}

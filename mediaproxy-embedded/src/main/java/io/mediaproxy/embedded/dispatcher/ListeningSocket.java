package io.mediaproxy.embedded.dispatcher;

import io.mediaproxy.embedded.log.Log;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The UNIX socket on which a dispatcher listens, and its file. Not thread-safe. */
final class ListeningSocket {
    private static final Log LOG = Log.of(ListeningSocket.class);

    private final Path path;
    private final @Nullable OwnDirectory ownDirectory;
    private final ServerSocketChannel channel;
    private final SocketFile file;

    private ListeningSocket(
            Path path, @Nullable OwnDirectory ownDirectory, ServerSocketChannel channel, SocketFile file) {
        this.path = path;
        this.ownDirectory = ownDirectory;
        this.channel = channel;
        this.file = file;
    }

    /**
     * Binds a path, and replaces a socket file.
     *
     * @param backlog most connections that wait to be accepted
     * @throws UncheckedIOException the path cannot be bound; no file is left
     */
    static ListeningSocket bind(Path path, int backlog) {
        return bind(path, null, backlog);
    }

    /**
     * Binds a file in a new directory.
     *
     * @param parent of the new directory
     * @param backlog as for {@link #bind(Path, int)}
     * @throws UncheckedIOException as {@link #bind(Path, int)}
     */
    static ListeningSocket bindInNewDirectory(Path parent, int backlog) {
        OwnDirectory directory;
        try {
            directory = OwnDirectory.create(parent);
        } catch (IOException e) {
            throw new UncheckedIOException("the dispatcher cannot create a directory for its socket in " + parent, e);
        }
        return bind(directory.path().resolve("dispatcher.sock"), directory, backlog);
    }

    /** Binds the same path again, after {@link #abandon()}. */
    ListeningSocket bindAgain(int backlog) {
        return bind(path, ownDirectory, backlog);
    }

    private static ListeningSocket bind(Path path, @Nullable OwnDirectory ownDirectory, int backlog) {
        try {
            ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                SocketFile file = SocketFile.bind(path, () -> channel.bind(UnixDomainSocketAddress.of(path), backlog));
                return new ListeningSocket(path, ownDirectory, channel, file);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            if (ownDirectory != null) {
                ownDirectory.remove();
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
        abandon();
        file.delete();
    }

    /** Stops listening and leaves the file. */
    void abandon() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.warn("closing {} failed", path, e);
        }
    }

    /** Stops listening, and removes the directory if it was created for the socket. */
    void close() {
        stop();
        if (ownDirectory != null) {
            ownDirectory.remove();
        }
    }
}

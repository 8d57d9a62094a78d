package io.mediaproxy.embedded;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
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
     * @param wanted null: a file in a fresh temporary directory
     */
    static ListeningSocket bind(@Nullable Path wanted) throws IOException {
        Path directory = wanted == null ? Files.createTempDirectory("mediaproxy-") : null;
        Path path = directory == null ? Objects.requireNonNull(wanted) : directory.resolve("dispatcher.sock");
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            removeStale(path);
            channel.bind(UnixDomainSocketAddress.of(path));
            return new ListeningSocket(path, directory, channel);
        } catch (IOException e) {
            channel.close();
            if (directory != null) {
                Files.delete(directory);
            }
            throw e;
        }
    }

    private static void removeStale(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        BasicFileAttributes attributes =
                Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isOther()) {
            throw new FileAlreadyExistsException(path.toString(), null, "is there and is no socket");
        }
        Files.delete(path);
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

    void close() {
        try {
            channel.close();
            Files.deleteIfExists(path);
            if (ownDirectory != null) {
                Files.deleteIfExists(ownDirectory);
            }
        } catch (IOException e) {
            LOG.warn("Closing {} failed", path, e);
        }
    }
}

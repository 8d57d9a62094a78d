package io.mediaproxy.protocol.backchannel;

import io.mediaproxy.protocol.backchannel.BackChannelException.Reason;
import io.mediaproxy.protocol.log.Log;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.AddressAlreadyInUseSocketException;
import org.newsclub.net.unix.ConnectionRefusedSocketException;
import org.newsclub.net.unix.OperationNotSupportedSocketException;

/** The datagram socket that receives requests, and its file. Not thread-safe. */
final class BoundSocket {
    private static final Log LOG = Log.of(BoundSocket.class);

    /** From {@code stat(2)}: the bits of a file's mode that are its type, and their value for a socket. */
    private static final int S_IFMT = 0170000;

    private static final int S_IFSOCK = 0140000;

    private final Path path;
    private final AFUNIXDatagramChannel channel;
    private final @Nullable FileIdentity file;

    private BoundSocket(Path path, AFUNIXDatagramChannel channel) throws IOException {
        this.path = path;
        this.channel = channel;
        file = FileIdentity.of(path);
    }

    /**
     * Binds the socket, and replaces a socket file without a listening process.
     *
     * @throws BackChannelException if that is not possible
     */
    static BoundSocket bind(Path path, Set<PosixFilePermission> permissions) {
        try {
            removeStale(path);
            AFUNIXDatagramChannel channel = AFUNIXDatagramChannel.open();
            try {
                return bind(channel, path, permissions);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (AddressAlreadyInUseSocketException e) {
            throw new BackChannelException(path, Reason.IN_USE, "another socket was bound there at the same time", e);
        } catch (IOException e) {
            throw new BackChannelException(path, Reason.REFUSED, RefusedBind.explain(path, e), e);
        }
    }

    private static BoundSocket bind(AFUNIXDatagramChannel channel, Path path, Set<PosixFilePermission> permissions)
            throws IOException {
        channel.configureBlocking(false);
        channel.bind(AFUNIXSocketAddress.of(path));
        try {
            Files.setPosixFilePermissions(path, permissions);
            return new BoundSocket(path, channel);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(path);
            throw e;
        }
    }

    /**
     * Removes a socket file without a listening process. junixsocket would replace any file, also that of a live
     * socket.
     */
    private static void removeStale(Path path) throws IOException {
        int mode;
        try {
            mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return;
        }
        if ((mode & S_IFMT) != S_IFSOCK) {
            throw new BackChannelException(path, Reason.NOT_A_SOCKET, "the path exists and is not a socket", null);
        }
        if (isLive(path)) {
            throw new BackChannelException(path, Reason.IN_USE, "another socket is bound there", null);
        }
        LOG.info("replacing {}: no process listens on it", path);
        Files.deleteIfExists(path);
    }

    /** Connects to the path, which sends nothing: {@code unix(7)} refuses it if no process has the other end open. */
    private static boolean isLive(Path path) throws IOException {
        try (AFUNIXDatagramChannel probe = AFUNIXDatagramChannel.open()) {
            probe.connect(AFUNIXSocketAddress.of(path));
            return true;
        } catch (ConnectionRefusedSocketException e) {
            return false;
        } catch (OperationNotSupportedSocketException e) {
            return true; // EPROTOTYPE: a process listens for streams
        } catch (SocketException e) {
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
            return false; // ENOENT, which has no type: the process that was bound there has just removed its file
        }
    }

    Path path() {
        return path;
    }

    AFUNIXDatagramChannel channel() {
        return channel;
    }

    /** Whether it can receive: it is open, and its file is where it was. */
    boolean isIntact() {
        try {
            return channel.isOpen() && file != null && file.equals(FileIdentity.of(path));
        } catch (IOException e) {
            LOG.debug("{} cannot be checked: {}", path, e.getMessage());
            return false;
        }
    }

    /** Closes the socket, and removes the file unless it was replaced. */
    void close() {
        try {
            if (file != null && file.equals(FileIdentity.of(path))) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            LOG.warn("removing {} failed", path, e);
        }
        try {
            channel.close();
        } catch (IOException e) {
            LOG.warn("closing {} failed", path, e);
        }
    }
}

package io.mediaproxy.embedded.dispatcher;

import io.mediaproxy.embedded.log.Log;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * The file of a UNIX socket, which stays when the socket closes. Thread-safe.
 *
 * <p>A dispatcher may start while its predecessor on the same path closes. So each removes only its own file, and one
 * lock keeps the steps of the two apart.
 */
final class SocketFile {
    private static final Log LOG = Log.of(SocketFile.class);
    private static final Object LOCK = new Object();

    /** Creates the file. */
    interface Binding {
        void bind() throws IOException;
    }

    /** A file system gives the inode of a removed file to the next one, so the time is needed too. */
    private record Identity(@Nullable Object fileKey, FileTime created) {
        static Identity of(Path path) throws IOException {
            BasicFileAttributes attributes = attributes(path);
            return new Identity(attributes.fileKey(), attributes.lastModifiedTime());
        }
    }

    private final Path path;
    private final Identity identity;

    private SocketFile(Path path, Identity identity) {
        this.path = path;
        this.identity = identity;
    }

    /**
     * Replaces the file of another socket.
     *
     * @param binding creates the new file
     * @throws FileAlreadyExistsException the file is no socket; it stays
     * @throws IOException the file cannot be replaced
     */
    static SocketFile bind(Path path, Binding binding) throws IOException {
        synchronized (LOCK) {
            removeOther(path);
            binding.bind();
            return new SocketFile(path, Identity.of(path));
        }
    }

    private static void removeOther(Path path) throws IOException {
        try {
            if (!attributes(path).isOther()) {
                throw new FileAlreadyExistsException(path.toString(), null, "exists and is no socket");
            }
        } catch (NoSuchFileException e) {
            return;
        }
        Files.deleteIfExists(path);
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    /** Removes the file, unless it was removed or replaced. Logs a failure. */
    void delete() {
        synchronized (LOCK) {
            try {
                if (identity.equals(Identity.of(path))) {
                    Files.deleteIfExists(path);
                }
            } catch (NoSuchFileException e) {
                LOG.debug("{} was removed before", path);
            } catch (IOException e) {
                LOG.warn("removing {} failed", path, e);
            }
        }
    }

    /** Removes an empty directory, and logs a failure. */
    static void deleteDirectory(Path directory) {
        try {
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            LOG.warn("removing {} failed", directory, e);
        }
    }
}

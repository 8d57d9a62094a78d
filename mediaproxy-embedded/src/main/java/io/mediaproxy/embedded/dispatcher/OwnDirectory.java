package io.mediaproxy.embedded.dispatcher;

import io.mediaproxy.embedded.log.Log;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A temporary directory for the sockets of one dispatcher. A signal can end the JVM before anything closes the
 * dispatcher: then a shutdown hook removes the directory with the sockets in it. Thread-safe.
 */
final class OwnDirectory {
    private static final Log LOG = Log.of(OwnDirectory.class);

    private final Path path;
    private final Thread hook;

    private OwnDirectory(Path path) {
        this.path = path;
        this.hook = new Thread(this::removeWithSockets, "mediaproxy-socket-directory");
    }

    /**
     * Creates the directory.
     *
     * @throws IOException if it cannot be created
     */
    static OwnDirectory create(Path parent) throws IOException {
        OwnDirectory created = new OwnDirectory(Files.createTempDirectory(parent, "mediaproxy-"));
        try {
            Runtime.getRuntime().addShutdownHook(created.hook);
        } catch (IllegalStateException e) {
            LOG.debug("the JVM ends already: {} is only removed by close()", created.path);
        }
        return created;
    }

    Path path() {
        return path;
    }

    /** Removes the directory if it is empty; logs a failure. */
    void remove() {
        SocketFile.deleteDirectory(path);
        try {
            boolean unused = Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            LOG.debug("the JVM ends already");
        }
    }

    /** Any other file stays, and the directory with it. */
    private void removeWithSockets() {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
            for (Path file : files) {
                if (Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                        .isOther()) {
                    Files.deleteIfExists(file);
                }
            }
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.debug("{} stays: {}", path, e);
        }
    }
}

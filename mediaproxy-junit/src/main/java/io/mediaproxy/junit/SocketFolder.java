package io.mediaproxy.junit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A temporary folder for the sockets of one extension. A signal can end the JVM in the middle of a test: then a
 * shutdown hook deletes the folder. Thread-safe.
 */
final class SocketFolder {
    private final Path path;
    private final Thread hook;

    private SocketFolder(Path path) {
        this.path = path;
        this.hook = new Thread(this::deleteWithSockets, "mediaproxy-junit-folder");
    }

    /** Creates a folder to which this user only has access. */
    static SocketFolder create() {
        try {
            SocketFolder created = new SocketFolder(Files.createTempDirectory("mediaproxy-junit"));
            Runtime.getRuntime().addShutdownHook(created.hook);
            return created;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path path() {
        return path;
    }

    /** Deletes the folder with the sockets in it: a server that was not closed has left its own. */
    void delete() {
        try {
            boolean unused = Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return; // the JVM ends, and the hook does it
        }
        deleteWithSockets();
    }

    private void deleteWithSockets() {
        try {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
                for (Path file : files) {
                    deleteSocket(file);
                }
            }
            Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void deleteSocket(Path file) throws IOException {
        try {
            if (Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isOther()) {
                Files.delete(file);
            }
        } catch (NoSuchFileException e) {
            // The hook of a server deletes its own sockets.
        }
    }
}

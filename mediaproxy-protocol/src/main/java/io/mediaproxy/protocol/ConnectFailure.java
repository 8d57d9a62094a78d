package io.mediaproxy.protocol;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * Explains why a connection to the dispatcher failed. The JDK has no error numbers, and its messages are in the
 * system's language, so that the explanation comes from the exception's type and from the socket's file.
 */
final class ConnectFailure {
    private ConnectFailure() {}

    /** Returns whether the backlog of the listener is full (EAGAIN): the dispatcher is there, but does not accept. */
    static boolean isBacklogFull(IOException e, Path socket) {
        return e.getClass() == SocketException.class // the JDK has subclasses for ECONNREFUSED and EACCES
                && Files.exists(socket) // else ENOENT
                && !String.valueOf(e.getMessage()).contains("wrong type"); // EPROTOTYPE, for a socket of datagrams
    }

    /** Returns a failure with the cause in its message, or the given one if nothing more is known. */
    static IOException explained(IOException e, Path socket) {
        String reason = reason(e, socket);
        return reason == null ? e : new IOException(reason);
    }

    private static @Nullable String reason(IOException e, Path socket) {
        if (e instanceof BindException) { // as the JDK names EACCES
            return permission(socket);
        }
        if (e instanceof ConnectException) {
            return Files.isRegularFile(socket) || Files.isDirectory(socket)
                    ? socket + " is not a socket"
                    : "connection refused: no process listens at " + socket;
        }
        return Files.notExists(socket) ? "no such socket: " + socket + missing(socket) : null;
    }

    private static String missing(Path socket) {
        Path directory = socket.toAbsolutePath().getParent();
        return directory == null || Files.exists(directory)
                ? "; the dispatcher creates it when it starts"
                : "; its directory does not exist";
    }

    private static String permission(Path socket) {
        Path barred = null;
        for (Path directory = socket.toAbsolutePath().getParent();
                directory != null;
                directory = directory.getParent()) {
            if (!Files.isExecutable(directory)) {
                barred = directory; // the last one is the highest one: those below cannot be seen
            }
        }
        String user = "permission denied: user " + System.getProperty("user.name");
        return barred == null
                ? user + " may not write to " + socket + describe(socket)
                : user + " may not enter directory " + barred + describe(barred);
    }

    private static String describe(Path path) {
        try {
            PosixFileAttributes file = Files.readAttributes(path, PosixFileAttributes.class);
            return ", which belongs to user " + file.owner().getName() + " and group "
                    + file.group().getName() + " (" + PosixFilePermissions.toString(file.permissions()) + ")";
        } catch (IOException | UnsupportedOperationException e) {
            return ""; // removed meanwhile, or a file system without owners
        }
    }
}

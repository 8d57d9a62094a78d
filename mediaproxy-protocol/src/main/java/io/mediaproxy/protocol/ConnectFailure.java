package io.mediaproxy.protocol;

import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;

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
}

package io.mediaproxy.protocol.backchannel;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The socket of a {@link BackChannel} could not be bound. No file and no thread is left. */
public final class BackChannelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Causes of the failure. */
    public enum Reason {
        /** Another socket is bound to the path, in this process or another. It was not touched. */
        IN_USE,
        /** The path is a file, directory, pipe or link, which this library never creates. It was not touched. */
        NOT_A_SOCKET,
        /** The system refused: no such directory, no permission, no UNIX domain sockets. The cause has the details. */
        REFUSED
    }

    private final transient Path socket;
    private final Reason reason;

    BackChannelException(Path socket, Reason reason, String what, @Nullable Throwable cause) {
        super("cannot listen on " + socket + ": " + what, cause);
        this.socket = socket;
        this.reason = reason;
    }

    /**
     * Returns the path of the socket.
     *
     * @return as configured; null after deserialization
     */
    public Path socket() {
        return socket;
    }

    /**
     * Returns the cause of the failure.
     *
     * @return never null
     */
    public Reason reason() {
        return reason;
    }
}

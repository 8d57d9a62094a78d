package io.mediaproxy.protocol.backchannel;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The socket of a {@link BackChannel} could not be bound. Nothing was left behind. */
public final class BackChannelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What stood in the way. */
    public enum Reason {
        /** A live socket is bound there, in this process or another. It was left alone. */
        IN_USE,
        /** A file, directory, pipe or link is there that this library never put there. It was left alone. */
        NOT_A_SOCKET,
        /** The system refused: no such directory, no permission, no UNIX sockets. The cause says more. */
        REFUSED
    }

    private final transient Path socket;
    private final Reason reason;

    BackChannelException(Path socket, Reason reason, String what, @Nullable Throwable cause) {
        super("cannot listen on " + socket + ": " + what, cause);
        this.socket = socket;
        this.reason = reason;
    }

    /** The path that was asked for; null after deserialization. */
    public Path socket() {
        return socket;
    }

    /** What stood in the way. */
    public Reason reason() {
        return reason;
    }
}

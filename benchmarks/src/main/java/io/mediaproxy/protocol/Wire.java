package io.mediaproxy.protocol;

import java.nio.ByteBuffer;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** Gives the benchmarks access to the package-private encoder and parser. Not thread-safe. */
@NullMarked
public final class Wire {
    private final ReplyParser parser = new ReplyParser();
    private final byte[] encoded = new byte[CommandEncoder.MAX_COMMAND_BYTES];

    /** Writes a command to {@link #encoded} as the client does, and returns its length in bytes. */
    public int encode(DispatcherCommand command) {
        return CommandEncoder.encode(command, encoded);
    }

    /** The array that holds the bytes of the latest command, from its beginning; read only. */
    public byte[] encoded() {
        return encoded;
    }

    /** Reads a reply as the client does; null if its line is incomplete. */
    public @Nullable DispatcherReply parse(ByteBuffer bytes) throws IllegalArgumentException {
        try {
            return parser.parse(bytes);
        } catch (MalformedReplyException e) {
            throw new IllegalArgumentException(e);
        }
    }
}

package io.mediaproxy.protocol;

import java.nio.ByteBuffer;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** Lets the benchmarks at the two ends of the wire that users never see. */
@NullMarked
public final class Wire {
    private final ReplyParser parser = new ReplyParser();
    private final byte[] encoded = new byte[CommandEncoder.MAX_COMMAND_BYTES];

    /** Writes a command's bytes as the client does; they stand in {@link #encoded} until the next one. */
    public int encode(DispatcherCommand command) {
        return CommandEncoder.encode(command, encoded);
    }

    /** What was written last, from its beginning; not to be changed. */
    public byte[] encoded() {
        return encoded;
    }

    /** Reads a reply as the client does; null if its line has not ended. */
    public @Nullable DispatcherReply parse(ByteBuffer bytes) throws IllegalArgumentException {
        try {
            return parser.parse(bytes);
        } catch (MalformedReplyException e) {
            throw new IllegalArgumentException(e);
        }
    }
}

package io.mediaproxy.embedded.report;

import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * What an {@link EmbeddedDispatcher} can be told to do wrong with a command. Unless said otherwise the command is executed
 * as ever and only its reply goes wrong.
 */
public sealed interface Fault {
    /** When a connection breaks or goes silent: has the command taken effect? */
    enum Moment {
        BEFORE_EXECUTING,
        AFTER_EXECUTING
    }

    /**
     * The reply comes later. Commands after it are not held up: as with the real dispatcher, replies overtake each other.
     *
     * @param by by the dispatcher's clock
     */
    record Delay(Duration by) implements Fault {
        public Delay {
            requireNotNegative(by);
        }
    }

    /** {@code error} instead of executing. */
    record ReplyError() implements Fault {}

    /** {@code None} instead of executing. */
    record ReplyNone() implements Fault {}

    /**
     * This line instead of executing.
     *
     * @param line without its line end
     */
    record Reply(String line) implements Fault {
        public Reply {
            if (line.indexOf('\r') >= 0 || line.indexOf('\n') >= 0) {
                throw new IllegalArgumentException("A reply is one line; other bytes are Garbage");
            }
        }
    }

    /** These bytes instead of the reply, nothing added: a line end is part of them or missing. */
    final class Garbage implements Fault {
        private final byte[] bytes;

        /** Takes a copy. */
        public Garbage(byte[] bytes) {
            this.bytes = bytes.clone();
        }

        /** The bytes, as a read-only buffer. */
        public ByteBuffer bytes() {
            return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
        }

        @Override
        public String toString() {
            return "Garbage[" + bytes.length + " bytes]";
        }
    }

    /**
     * The reply in two writes.
     *
     * @param at bytes in the first write; a reply that is not longer goes out whole
     * @param pause between the two, by the dispatcher's clock
     */
    record SplitReply(int at, Duration pause) implements Fault {
        public SplitReply {
            if (at < 1) {
                throw new IllegalArgumentException("A split needs a byte before it, got " + at);
            }
            requireNotNegative(pause);
        }

        /** With a pause that no reader bridges in one read. */
        public SplitReply(int at) {
            this(at, Duration.ofMillis(20));
        }
    }

    /** The connection is closed instead of replying. */
    record CloseConnection(Moment moment) implements Fault {}

    /** No reply ever comes, the connection stays open. */
    record Stall(Moment moment) implements Fault {}

    private static void requireNotNegative(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("A duration is not negative, got " + duration);
        }
    }
}

package io.mediaproxy.embedded.report;

import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * A fault that an embedded dispatcher applies to a command. Unless stated otherwise the command is executed as usual
 * and only its reply is affected.
 */
public sealed interface Fault {
    /** When a connection breaks or goes silent: before or after the command takes effect. */
    enum Moment {
        /** The command has no effect. */
        BEFORE_EXECUTING,
        /** The command takes effect, and its reply is lost. */
        AFTER_EXECUTING
    }

    /**
     * Delays the reply. Later commands are not held up: as with the real dispatcher, replies overtake each other.
     *
     * @param by duration, by the dispatcher's clock
     */
    record Delay(Duration by) implements Fault {
        /**
         * Checks the duration.
         *
         * @throws IllegalArgumentException it is negative
         */
        public Delay {
            requireNotNegative(by);
        }
    }

    /** Replies {@code error} and does not execute the command. */
    record ReplyError() implements Fault {}

    /** Replies {@code None} and does not execute the command. */
    record ReplyNone() implements Fault {}

    /**
     * Replies a given line and does not execute the command.
     *
     * @param line without its line end
     */
    record Reply(String line) implements Fault {
        /**
         * Checks the line.
         *
         * @throws IllegalArgumentException it contains a line end
         */
        public Reply {
            if (line.indexOf('\r') >= 0 || line.indexOf('\n') >= 0) {
                throw new IllegalArgumentException("a reply is one line; use Garbage for other bytes");
            }
        }
    }

    /** Sends given bytes instead of the reply. Nothing is added: a line end is one of the bytes or is missing. */
    final class Garbage implements Fault {
        private final byte[] bytes;

        /**
         * Copies the bytes.
         *
         * @param bytes to send
         */
        public Garbage(byte[] bytes) {
            this.bytes = bytes.clone();
        }

        /**
         * Returns the bytes.
         *
         * @return a new read-only buffer
         */
        public ByteBuffer bytes() {
            return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
        }

        @Override
        public String toString() {
            return "Garbage[" + bytes.length + " bytes]";
        }
    }

    /**
     * Sends the reply in two writes.
     *
     * @param at number of bytes in the first write; a reply of that length or less is sent whole
     * @param pause between the two writes, by the dispatcher's clock
     */
    record SplitReply(int at, Duration pause) implements Fault {
        /**
         * Checks the values.
         *
         * @throws IllegalArgumentException {@code at} is less than 1, or the pause is negative
         */
        public SplitReply {
            if (at < 1) {
                throw new IllegalArgumentException("the first write has at least one byte, got " + at);
            }
            requireNotNegative(pause);
        }

        /**
         * Uses a pause of 20 ms, so that a client does not get both parts in one read.
         *
         * @param at number of bytes in the first write
         */
        public SplitReply(int at) {
            this(at, Duration.ofMillis(20));
        }
    }

    /**
     * Closes the connection instead of replying.
     *
     * @param moment when
     */
    record CloseConnection(Moment moment) implements Fault {}

    /**
     * Never replies and keeps the connection open.
     *
     * @param moment when the connection goes silent
     */
    record Stall(Moment moment) implements Fault {}

    private static void requireNotNegative(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("a duration is not negative, got " + duration);
        }
    }
}

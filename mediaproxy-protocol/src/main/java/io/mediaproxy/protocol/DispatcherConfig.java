package io.mediaproxy.protocol;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The dispatcher's socket and all limits of a {@link DispatcherClient}. The {@link Builder} starts from the defaults.
 * Thread-safe.
 *
 * @param socket the dispatcher's UNIX socket (the module's {@code mediaproxy_socket}); a path of at most
 *     {@value #MAX_SOCKET_PATH_BYTES} bytes
 * @param timeout from the submission of a command to its reply, time in the queue included (the module's
 *     {@code mediaproxy_timeout}); more than 0. The dispatcher itself sometimes takes 40 ms on an idle machine: below
 *     100 ms good commands fail
 * @param maxConnections opened as load requires, 1 to 64; with more than 8 commands only queue inside the dispatcher
 * @param queueCapacity most commands that may be submitted and neither answered nor timed out, those in flight
 *     included; at least 1. One more fails with a {@link QueueFullException}, unless it is an update of a call in
 *     progress: these overtake all other commands, and count only each other. While commands wait for a slow
 *     dispatcher, the client takes only as many as it answers within the timeout
 * @param retryInterval after a failed connect, the time without another attempt, during which commands fail at once
 * @param lateReplyLimit how long a connection is kept after its command timed out, to read the late reply
 * @param maxLateReplies most connections that are kept so; one more closes the oldest, whose late reply is lost. If the
 *     dispatcher answers no other command either, only {@code maxConnections + 8} are kept, and no more are opened
 * @param clock measures timeouts
 * @param threadName of the client's one thread, a daemon
 */
public record DispatcherConfig(
        Path socket,
        Duration timeout,
        int maxConnections,
        int queueCapacity,
        Duration retryInterval,
        Duration lateReplyLimit,
        int maxLateReplies,
        NanoClock clock,
        String threadName) {

    /** The socket's place in packages of MediaProxy. */
    public static final Path DEFAULT_SOCKET = Path.of("/run/mediaproxy/dispatcher.sock");

    /** Longest path of a UNIX socket: {@code sockaddr_un.sun_path} has 108 bytes, the last of them NUL. */
    public static final int MAX_SOCKET_PATH_BYTES = 107;

    private static final int MAX_CONNECTIONS = 64;
    /** Far below the overflow of nanoseconds in a long. */
    private static final Duration MAX_DURATION = Duration.ofDays(1);

    /**
     * Checks all values.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public DispatcherConfig {
        int pathBytes = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        require(
                pathBytes > 0 && pathBytes <= MAX_SOCKET_PATH_BYTES,
                "socket path must have 1 to " + MAX_SOCKET_PATH_BYTES + " bytes, not " + pathBytes + ": " + socket);
        require(
                timeout.compareTo(Duration.ZERO) > 0 && timeout.compareTo(MAX_DURATION) <= 0,
                "timeout must be more than 0 and at most " + MAX_DURATION + ", not " + timeout);
        require(
                maxConnections >= 1 && maxConnections <= MAX_CONNECTIONS,
                "maxConnections must be 1 to " + MAX_CONNECTIONS + ", not " + maxConnections);
        require(queueCapacity >= 1, "queueCapacity must be at least 1, not " + queueCapacity);
        requireZeroOrMore("retryInterval", retryInterval);
        requireZeroOrMore("lateReplyLimit", lateReplyLimit);
        require(maxLateReplies >= 1, "maxLateReplies must be at least 1, not " + maxLateReplies);
    }

    private static void requireZeroOrMore(String name, Duration value) {
        require(
                !value.isNegative() && value.compareTo(MAX_DURATION) <= 0,
                name + " must be 0 to " + MAX_DURATION + ", not " + value);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    /**
     * Returns the defaults, with the socket at {@link #DEFAULT_SOCKET}.
     *
     * @return a valid configuration
     */
    public static DispatcherConfig defaults() {
        return builder(DEFAULT_SOCKET).build();
    }

    /**
     * Starts a configuration from the defaults.
     *
     * @param socket the dispatcher's UNIX socket
     * @return a builder with all other values at their defaults
     */
    public static Builder builder(Path socket) {
        return new Builder(socket);
    }

    /**
     * Returns the same limits for one dispatcher of a pool.
     *
     * @param index of the dispatcher
     * @param members if there are several, the pool decides when to try a failed one again
     */
    DispatcherConfig forMember(Path itsSocket, int index, int members) {
        return new DispatcherConfig(
                itsSocket,
                timeout,
                maxConnections,
                queueCapacity,
                members == 1 ? retryInterval : Duration.ZERO,
                lateReplyLimit,
                maxLateReplies,
                clock,
                members == 1 ? threadName : threadName + "-" + index);
    }

    /** Collects the values of a {@link DispatcherConfig} and checks them in {@link #build()}. Not thread-safe. */
    public static final class Builder {
        private final Path socket;
        private Duration timeout = Duration.ofMillis(500);
        private int maxConnections = 4;
        private int queueCapacity = 1024;
        private Duration retryInterval = Duration.ofSeconds(10);
        private Duration lateReplyLimit = Duration.ofSeconds(30);
        private int maxLateReplies = 64;
        private NanoClock clock = System::nanoTime;
        private String threadName = "mediaproxy-dispatcher";

        private Builder(Path socket) {
            this.socket = socket;
        }

        /**
         * Sets the total time of a command.
         *
         * @param value more than 0, at most a day. Default: 500 ms
         * @return this
         */
        public Builder timeout(Duration value) {
            timeout = value;
            return this;
        }

        /**
         * Sets the most connections to the dispatcher.
         *
         * @param value 1 to 64. Default: 4
         * @return this
         */
        public Builder maxConnections(int value) {
            maxConnections = value;
            return this;
        }

        /**
         * Sets the most commands in progress.
         *
         * @param value at least 1. Default: 1024
         * @return this
         */
        public Builder queueCapacity(int value) {
            queueCapacity = value;
            return this;
        }

        /**
         * Sets the time between attempts to connect.
         *
         * @param value 0 to a day. Default: 10 s
         * @return this
         */
        public Builder retryInterval(Duration value) {
            retryInterval = value;
            return this;
        }

        /**
         * Sets how long to wait for the reply to a command that timed out.
         *
         * @param value 0 to a day. Default: 30 s
         * @return this
         */
        public Builder lateReplyLimit(Duration value) {
            lateReplyLimit = value;
            return this;
        }

        /**
         * Sets the most connections that wait for late replies.
         *
         * @param value at least 1. Default: 64, which four connections and 500 ms fill in 8 s, longer than a dispatcher
         *     waits for one stalled relay
         * @return this
         */
        public Builder maxLateReplies(int value) {
            maxLateReplies = value;
            return this;
        }

        /**
         * Sets the clock that measures timeouts.
         *
         * @param value Default: {@link System#nanoTime()}
         * @return this
         */
        public Builder clock(NanoClock value) {
            clock = value;
            return this;
        }

        /**
         * Sets the name of the client's thread.
         *
         * @param value Default: {@code mediaproxy-dispatcher}
         * @return this
         */
        public Builder threadName(String value) {
            threadName = value;
            return this;
        }

        /**
         * Checks all values.
         *
         * @return the configuration
         * @throws IllegalArgumentException if a value is out of its range
         */
        public DispatcherConfig build() {
            return new DispatcherConfig(
                    socket,
                    timeout,
                    maxConnections,
                    queueCapacity,
                    retryInterval,
                    lateReplyLimit,
                    maxLateReplies,
                    clock,
                    threadName);
        }
    }
}

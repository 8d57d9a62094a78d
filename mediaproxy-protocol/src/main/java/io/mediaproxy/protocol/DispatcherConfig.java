package io.mediaproxy.protocol;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Where the dispatcher is and all limits of a {@link DispatcherClient}; the builder's methods give the defaults.
 *
 * @param socket the dispatcher's UNIX socket (the module's {@code mediaproxy_socket}); its path has at most 107 bytes
 * @param timeout from handing a command over to its reply, waiting included (the module's {@code mediaproxy_timeout}); more
 *     than 0. The dispatcher's own tail reaches 40 ms on an idle machine: below 100 ms good commands fail
 * @param maxConnections opened as load asks for them, 1 to 64; beyond 8 a dispatcher only queues
 * @param queueCapacity commands that were handed over and have neither been answered nor timed out, those in flight included; at
 *     least 1. One more is refused
 * @param retryInterval after a failed connect no other is tried for so long, and commands fail at once
 * @param lateReplyLimit how long a connection is kept after its command timed out, to read the late reply
 * @param maxLateReplies how many such connections are kept at most; the oldest is closed for the next one, which gives up its reply
 * @param clock what timeouts are measured with
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

    /** Where packages of MediaProxy put the socket. */
    public static final Path DEFAULT_SOCKET = Path.of("/run/mediaproxy/dispatcher.sock");

    /** {@code sockaddr_un.sun_path} holds 108 bytes, the last of them NUL. */
    private static final int MAX_PATH_BYTES = 107;

    private static final int MAX_CONNECTIONS = 64;
    /** Far from where nanoseconds overflow. */
    private static final Duration MAX_DURATION = Duration.ofDays(1);

    /**
     * Checks all values.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public DispatcherConfig {
        int pathBytes = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        require(
                pathBytes > 0 && pathBytes <= MAX_PATH_BYTES,
                "socket path has 1 to " + MAX_PATH_BYTES + " bytes, not " + pathBytes + ": " + socket);
        require(
                timeout.compareTo(Duration.ZERO) > 0 && timeout.compareTo(MAX_DURATION) <= 0,
                "timeout is more than 0 and at most " + MAX_DURATION + ", not " + timeout);
        require(
                maxConnections >= 1 && maxConnections <= MAX_CONNECTIONS,
                "maxConnections is 1 to " + MAX_CONNECTIONS + ", not " + maxConnections);
        require(queueCapacity >= 1, "queueCapacity is at least 1, not " + queueCapacity);
        requireZeroOrMore("retryInterval", retryInterval);
        requireZeroOrMore("lateReplyLimit", lateReplyLimit);
        require(maxLateReplies >= 1, "maxLateReplies is at least 1, not " + maxLateReplies);
    }

    private static void requireZeroOrMore(String name, Duration value) {
        require(
                !value.isNegative() && value.compareTo(MAX_DURATION) <= 0,
                name + " is 0 to " + MAX_DURATION + ", not " + value);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    /** All defaults, with the socket at {@link #DEFAULT_SOCKET}. */
    public static DispatcherConfig defaults() {
        return builder(DEFAULT_SOCKET).build();
    }

    /** Starts from the defaults. */
    public static Builder builder(Path socket) {
        return new Builder(socket);
    }

    /** Collects the values of a {@link DispatcherConfig}; checks nothing before {@link #build()}. */
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

        /** Default: 500 ms. */
        public Builder timeout(Duration value) {
            timeout = value;
            return this;
        }

        /** Default: 4. */
        public Builder maxConnections(int value) {
            maxConnections = value;
            return this;
        }

        /** Default: 1024. */
        public Builder queueCapacity(int value) {
            queueCapacity = value;
            return this;
        }

        /** Default: 10 s. */
        public Builder retryInterval(Duration value) {
            retryInterval = value;
            return this;
        }

        /** Default: 30 s. */
        public Builder lateReplyLimit(Duration value) {
            lateReplyLimit = value;
            return this;
        }

        /** Default: 64, which at four connections and 500 ms lasts 8 s, longer than a dispatcher waits for a stalled relay. */
        public Builder maxLateReplies(int value) {
            maxLateReplies = value;
            return this;
        }

        /** Default: {@link System#nanoTime()}. */
        public Builder clock(NanoClock value) {
            clock = value;
            return this;
        }

        /** Default: {@code mediaproxy-dispatcher}. */
        public Builder threadName(String value) {
            threadName = value;
            return this;
        }

        /**
         * Checks all values.
         *
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

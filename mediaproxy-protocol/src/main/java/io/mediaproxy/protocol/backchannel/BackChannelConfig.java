package io.mediaproxy.protocol.backchannel;

import io.mediaproxy.protocol.DispatcherConfig;
import io.mediaproxy.protocol.NanoClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/**
 * The socket and the limits of a {@link BackChannel}. The {@link Builder} starts from the defaults. Thread-safe.
 *
 * @param socket the file of the UNIX datagram socket, the same as {@code socket_path} of the dispatcher; a path of at
 *     most {@value DispatcherConfig#MAX_SOCKET_PATH_BYTES} bytes. Its directory has to exist, and no other user should
 *     be able to write to it
 * @param permissions of that file: every user with write permission can end calls. The dispatcher needs it and usually
 *     runs as another user. They are set right after binding; until then the umask of the process applies
 * @param dispatchers the UNIX sockets of the dispatchers that send requests. It is logged if one of them cannot write
 *     to the file. If there is exactly one, no other process can send, and the kernel keeps many more datagrams than
 *     usual, so that a burst of media timeouts is not lost. Empty if they are not known
 * @param queueCapacity most requests that wait for an answer, and most dialogs that wait for their end; at least 1. One
 *     more is answered with an error, and its dialog is not ended. A request takes up to 4 KiB
 * @param clock measures the time for an answer, between two checks of the file, and between two log lines
 * @param threadName of the thread that reads. The names of the others end in {@code -answers} and {@code -dialogs}. All
 *     are daemons
 */
public record BackChannelConfig(
        Path socket,
        Set<PosixFilePermission> permissions,
        List<Path> dispatchers,
        int queueCapacity,
        NanoClock clock,
        String threadName) {

    /** Default of {@code socket_path} in the dispatcher's configuration. */
    public static final Path DEFAULT_SOCKET = Path.of("/run/opensips/socket");

    /**
     * Checks all values.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public BackChannelConfig {
        int pathBytes = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (pathBytes == 0 || pathBytes > DispatcherConfig.MAX_SOCKET_PATH_BYTES) {
            throw new IllegalArgumentException("socket path must have 1 to " + DispatcherConfig.MAX_SOCKET_PATH_BYTES
                    + " bytes, not " + pathBytes + ": " + socket);
        }
        if (queueCapacity < 1) {
            throw new IllegalArgumentException("queueCapacity must be at least 1, not " + queueCapacity);
        }
        permissions = Set.copyOf(permissions);
        dispatchers = List.copyOf(dispatchers);
    }

    /**
     * Returns the defaults, with the socket at {@link #DEFAULT_SOCKET}.
     *
     * @return a valid configuration
     */
    public static BackChannelConfig defaults() {
        return builder(DEFAULT_SOCKET).build();
    }

    /**
     * Starts a configuration from the defaults.
     *
     * @param socket the file of the UNIX datagram socket
     * @return a builder with all other values at their defaults
     */
    public static Builder builder(Path socket) {
        return new Builder(socket);
    }

    /**
     * Returns this configuration with other dispatchers.
     *
     * @param value where they listen
     * @return a new configuration
     */
    public BackChannelConfig withDispatchers(List<Path> value) {
        return new BackChannelConfig(socket, permissions, value, queueCapacity, clock, threadName);
    }

    /** Collects the values of a {@link BackChannelConfig} and checks them in {@link #build()}. Not thread-safe. */
    public static final class Builder {
        private final Path socket;
        private Set<PosixFilePermission> permissions = PosixFilePermissions.fromString("rw-rw----");
        private List<Path> dispatchers = List.of();
        private int queueCapacity = 1024;
        private NanoClock clock = System::nanoTime;
        private String threadName = "mediaproxy-back-channel";

        private Builder(Path socket) {
            this.socket = socket;
        }

        /**
         * Sets the permissions of the socket file.
         *
         * @param value Default: {@code rw-rw----}, owner and group
         * @return this
         */
        public Builder permissions(Set<PosixFilePermission> value) {
            permissions = value;
            return this;
        }

        /**
         * Sets the dispatchers that send requests.
         *
         * @param value where they listen, for instance {@code /run/mediaproxy/dispatcher.sock}. Default: not known
         * @return this
         */
        public Builder dispatchers(List<Path> value) {
            dispatchers = value;
            return this;
        }

        /**
         * Sets the most requests, and the most dialogs, that wait.
         *
         * @param value at least 1. Default: 1024
         * @return this
         */
        public Builder queueCapacity(int value) {
            queueCapacity = value;
            return this;
        }

        /**
         * Sets the clock that measures the time for an answer.
         *
         * @param value Default: {@link System#nanoTime()}
         * @return this
         */
        public Builder clock(NanoClock value) {
            clock = value;
            return this;
        }

        /**
         * Sets the name of the thread that reads.
         *
         * @param value Default: {@code mediaproxy-back-channel}
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
        public BackChannelConfig build() {
            return new BackChannelConfig(socket, permissions, dispatchers, queueCapacity, clock, threadName);
        }
    }
}

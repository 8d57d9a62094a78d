package io.mediaproxy.protocol.backchannel;

import io.mediaproxy.protocol.NanoClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Where a {@link BackChannel} listens and its limits; the builder's methods give the defaults.
 *
 * @param socket the file of the UNIX datagram socket, which the dispatcher's {@code socket_path} has to name; its path has at
 *     most 107 bytes. Its directory has to be there, and nobody else should be able to write to it
 * @param permissions of that file: whoever may write may end calls. The dispatcher needs that right and usually runs as another
 *     user; set at once after binding, until then the process' umask rules
 * @param queueCapacity how many requests wait to be answered at most, and how many dialogs wait to be ended; at least 1. One more is
 *     answered with an error, and its dialog stays as it is. A request takes up to 4 KiB
 * @param clock what the time for an answer is measured with; its jumps are not listened to
 * @param threadName of the thread that reads; those that answer and that end dialogs have it with {@code -answers} and
 *     {@code -dialogs} behind it. All are daemons
 */
public record BackChannelConfig(
        Path socket, Set<PosixFilePermission> permissions, int queueCapacity, NanoClock clock, String threadName) {

    /** Where the dispatcher sends to unless its configuration says otherwise. */
    public static final Path DEFAULT_SOCKET = Path.of("/run/opensips/socket");

    /** {@code sockaddr_un.sun_path} holds 108 bytes, the last of them NUL. */
    private static final int MAX_PATH_BYTES = 107;

    /**
     * Checks all values.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public BackChannelConfig {
        int pathBytes = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (pathBytes == 0 || pathBytes > MAX_PATH_BYTES) {
            throw new IllegalArgumentException(
                    "socket path has 1 to " + MAX_PATH_BYTES + " bytes, not " + pathBytes + ": " + socket);
        }
        if (queueCapacity < 1) {
            throw new IllegalArgumentException("queueCapacity is at least 1, not " + queueCapacity);
        }
        permissions = Set.copyOf(permissions);
    }

    /** All defaults, with the socket at {@link #DEFAULT_SOCKET}. */
    public static BackChannelConfig defaults() {
        return builder(DEFAULT_SOCKET).build();
    }

    /** Starts from the defaults. */
    public static Builder builder(Path socket) {
        return new Builder(socket);
    }

    /** Collects the values of a {@link BackChannelConfig}; checks nothing before {@link #build()}. */
    public static final class Builder {
        private final Path socket;
        private Set<PosixFilePermission> permissions = PosixFilePermissions.fromString("rw-rw----");
        private int queueCapacity = 1024;
        private NanoClock clock = System::nanoTime;
        private String threadName = "mediaproxy-back-channel";

        private Builder(Path socket) {
            this.socket = socket;
        }

        /** Default: {@code rw-rw----}, owner and group. */
        public Builder permissions(Set<PosixFilePermission> value) {
            permissions = value;
            return this;
        }

        /** Default: 1024. */
        public Builder queueCapacity(int value) {
            queueCapacity = value;
            return this;
        }

        /** Default: {@link System#nanoTime()}. */
        public Builder clock(NanoClock value) {
            clock = value;
            return this;
        }

        /** Default: {@code mediaproxy-back-channel}. */
        public Builder threadName(String value) {
            threadName = value;
            return this;
        }

        /**
         * Checks all values.
         *
         * @throws IllegalArgumentException if a value is out of its range
         */
        public BackChannelConfig build() {
            return new BackChannelConfig(socket, permissions, queueCapacity, clock, threadName);
        }
    }
}

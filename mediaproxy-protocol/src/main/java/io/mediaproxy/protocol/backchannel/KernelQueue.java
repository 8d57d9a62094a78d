package io.mediaproxy.protocol.backchannel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The queue that the kernel keeps for a datagram socket, of which Linux tells the length. Thread-safe. */
final class KernelQueue {
    /** Datagrams that a socket needs: the calls that a relay ends in one round. */
    private static final int ENOUGH = 128;

    private static final Path LENGTH = Path.of("/proc/sys/net/unix/max_dgram_qlen");

    private KernelQueue() {}

    /** Returns a warning if the queue is short; empty if it is long enough, or if its length is not known. */
    static Optional<String> warning() {
        try {
            return warning(Integer.parseInt(Files.readString(LENGTH).strip()));
        } catch (IOException | NumberFormatException e) { // not Linux
            return Optional.empty();
        }
    }

    static Optional<String> warning(int length) {
        return length >= ENOUGH
                ? Optional.empty()
                : Optional.of("the kernel keeps " + length + " datagrams for a socket and drops the rest, and a relay"
                        + " ends more calls than that at once, which then never get their BYE: run"
                        + " 'sysctl -w net.unix.max_dgram_qlen=512' before this process starts, and add the setting"
                        + " to /etc/sysctl.d");
    }
}

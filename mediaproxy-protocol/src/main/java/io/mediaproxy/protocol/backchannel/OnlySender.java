package io.mediaproxy.protocol.backchannel;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/**
 * Connects the back channel to the socket from which the only dispatcher sends. Linux keeps {@code max_dgram_qlen}
 * datagrams for a socket, 10 by default, but not if that socket is connected to the sender: then it keeps as many as
 * fit into the sender's send buffer, more than 200. Confined to the reading thread.
 *
 * <p>A connected socket refuses all other senders, also a dispatcher that was restarted. Therefore the connection is
 * checked once a second; a dispatcher needs longer than that until a call can time out.
 */
final class OnlySender {
    /** The name of the socket from which a dispatcher sends, in the directory of the one on which it listens. */
    private static final String FILE = "opensips.sock";

    private final @Nullable Path path;
    private @Nullable FileIdentity connected;

    /**
     * Uses the dispatcher's socket, if there is exactly one.
     *
     * @param dispatchers where the dispatchers listen
     */
    OnlySender(List<Path> dispatchers) {
        path = dispatchers.size() == 1 ? dispatchers.get(0).resolveSibling(FILE) : null;
    }

    boolean isConnected() {
        return connected != null;
    }

    /**
     * Whether the dispatcher's socket is another one than that of the connection, or is gone. Then a new socket is
     * needed: junixsocket cannot disconnect one.
     */
    boolean isGone() {
        try {
            return connected != null && !connected.equals(identity());
        } catch (IOException e) { // its directory cannot be read any longer
            return true;
        }
    }

    /** Connects to the dispatcher's socket, unless there is none. */
    void connect(AFUNIXDatagramChannel channel) throws IOException {
        FileIdentity present = identity();
        if (path != null && present != null) {
            channel.connect(AFUNIXSocketAddress.of(path));
            connected = present;
        }
    }

    private @Nullable FileIdentity identity() throws IOException {
        return path == null ? null : FileIdentity.of(path);
    }

    /** Forgets the connection of a channel that was closed. */
    void forget() {
        connected = null;
    }
}

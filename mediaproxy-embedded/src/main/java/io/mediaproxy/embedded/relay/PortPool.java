package io.mediaproxy.embedded.relay;

import io.mediaproxy.embedded.log.Log;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The relay's pairs of UDP ports: RTP on an even port, RTCP on the next one. Confined to the relay thread.
 *
 * <p>The pair that was released first is used first, so that a port rests as long as possible between two calls. Pairs
 * that another process holds are skipped and tried again later.
 */
final class PortPool {
    /** Two bound channels. The owner closes both and then releases the pair. */
    record Pair(int rtpPort, DatagramChannel rtp, DatagramChannel rtcp) {}

    private static final Log LOG = Log.of(PortPool.class);

    private final Inet4Address address;
    private final ArrayDeque<Integer> free = new ArrayDeque<>();
    private int inUse;

    /** A pool of all pairs of a range. */
    PortPool(Inet4Address address, PortRange range) {
        this.address = address;
        for (int port = range.start(); port < range.last(); port += 2) {
            free.add(port);
        }
        for (int port = range.first(); port < range.start(); port += 2) {
            free.add(port);
        }
    }

    /**
     * Binds the next free pair.
     *
     * @throws RelayRefusalException no pair is free
     */
    Pair take() {
        for (int tries = free.size(); tries > 0; tries--) {
            int port = free.remove();
            Pair pair = bind(port);
            if (pair != null) {
                inUse++;
                return pair;
            }
            free.add(port);
        }
        throw new RelayRefusalException("no port pair is free, in use: " + inUse);
    }

    /** Releases a pair whose channels are closed. */
    void release(Pair pair) {
        inUse--;
        free.add(pair.rtpPort());
    }

    /** The number of UDP ports in use, two for each pair. */
    int portsInUse() {
        return 2 * inUse;
    }

    private @Nullable Pair bind(int port) {
        DatagramChannel rtp = null;
        DatagramChannel rtcp = null;
        try {
            rtp = open(port);
            rtcp = open(port + 1);
            return new Pair(port, rtp, rtcp);
        } catch (BindException e) {
            LOG.debug("port pair {} is taken, trying another: {}", port, e.getMessage());
            close(rtp);
            close(rtcp);
            return null;
        } catch (IOException e) {
            close(rtp);
            close(rtcp);
            throw new RelayRefusalException("no socket for port pair " + port + ": " + e.getMessage());
        }
    }

    private DatagramChannel open(int port) throws IOException {
        DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
        try {
            channel.bind(new InetSocketAddress(address, port));
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static void close(@Nullable DatagramChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                LOG.warn("closing a UDP socket failed", e);
            }
        }
    }
}

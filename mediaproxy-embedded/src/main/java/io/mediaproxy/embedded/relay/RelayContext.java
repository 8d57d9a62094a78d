package io.mediaproxy.embedded.relay;

import io.mediaproxy.embedded.loop.SelectorLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Everything that the streams of one relay share: selector, ports, clock and packet buffer, and the list of streams
 * that hold ports. Confined to the relay thread.
 */
final class RelayContext {
    private static final int LARGEST_DATAGRAM = 65_535;

    private final SelectorLoop loop;
    private final PortPool ports;
    private final LongSupplier clock;
    private final long clockOrigin;
    private final Instant wallOrigin;
    private final long streamTimeoutNanos;
    private final long holdTimeoutNanos;
    private final ByteBuffer packetBuffer = ByteBuffer.allocateDirect(LARGEST_DATAGRAM);
    private final Set<RelayedStream> alive = new LinkedHashSet<>();
    private boolean channelsClosed;
    private long bytesRelayed;

    RelayContext(SelectorLoop loop, RelaySettings settings) {
        this.loop = loop;
        this.ports = new PortPool(settings.bindAddress(), settings.ports());
        this.clock = settings.clock();
        this.clockOrigin = clock.getAsLong();
        this.wallOrigin = Instant.now();
        this.streamTimeoutNanos = settings.streamTimeout().toNanos();
        this.holdTimeoutNanos = settings.holdTimeout().toNanos();
    }

    long now() {
        return clock.getAsLong();
    }

    /** The wall time of a clock reading. Only the injected clock advances it. */
    Instant wallTime(long nanos) {
        return wallOrigin.plusNanos(nanos - clockOrigin);
    }

    long streamTimeoutNanos() {
        return streamTimeoutNanos;
    }

    long holdTimeoutNanos() {
        return holdTimeoutNanos;
    }

    PortPool ports() {
        return ports;
    }

    ByteBuffer packetBuffer() {
        return packetBuffer;
    }

    void watch(DatagramChannel channel, PacketForwarder forwarder) throws IOException {
        loop.register(channel, SelectionKey.OP_READ, forwarder);
    }

    void opened(RelayedStream stream) {
        alive.add(stream);
    }

    void closed(RelayedStream stream) {
        alive.remove(stream);
        channelsClosed = true;
    }

    List<RelayedStream> alive() {
        return List.copyOf(alive);
    }

    /**
     * Releases the ports of closed streams. Called from a task or a timer, before the reply that reports them as free.
     */
    void releaseClosedChannels() {
        if (channelsClosed) {
            channelsClosed = false;
            loop.selectNow();
        }
    }

    void countRelayed(int packetBytes) {
        bytesRelayed += packetBytes;
    }

    long bytesRelayed() {
        return bytesRelayed;
    }
}

package io.mediaproxy.embedded.relay;

import io.mediaproxy.embedded.loop.SelectorLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One UDP port of a stream: takes what one end sends, learns that end's address from its first packet (symmetric RTP,
 * RFC 4961), and hands the packet to the port on the other side, which sends it on.
 *
 * <p>Nothing is allocated per packet: the buffer is the relay's, the JDK hands out the same address object while the sender
 * stays the same. Used by the relay's thread only.
 */
final class PacketForwarder implements SelectorLoop.Ready {
    /** IPv4 and UDP header: MediaProxy's byte counts are those of the kernel, which counts whole packets. */
    static final int PACKET_OVERHEAD = 28;

    /** One readiness forwards at most so many packets, so that a flood on one port leaves time for the others. */
    private static final int LARGEST_BATCH = 64;

    private static final int STUN_MAGIC_COOKIE = 0x2112_A442;
    private static final Logger LOG = LoggerFactory.getLogger(PacketForwarder.class);

    private final DatagramChannel channel;
    private final RelayContext relay;
    private final RelayedStream stream;
    private @Nullable PacketForwarder opposite;

    /** Where this end's packets come from; null until the first one. */
    private @Nullable SocketAddress remote;
    /** False with a remote known: an answer moved this end, the old address is ignored until a new one is learnt. */
    private boolean remoteInUse;

    private boolean mediaSeen;
    private String codec = "Unknown";
    private long packets;
    private long bytes;
    private long lastPacketNanos;
    private boolean waiting = true;
    private long waitingSinceNanos;

    PacketForwarder(DatagramChannel channel, RelayContext relay, RelayedStream stream) {
        this.channel = channel;
        this.relay = relay;
        this.stream = stream;
        this.waitingSinceNanos = relay.now();
    }

    static void join(PacketForwarder caller, PacketForwarder callee) {
        caller.opposite = callee;
        callee.opposite = caller;
    }

    @Override
    public void ready(SelectionKey key) {
        ByteBuffer packet = relay.packetBuffer();
        try {
            for (int i = 0; i < LARGEST_BATCH && channel.isOpen(); i++) {
                packet.clear();
                SocketAddress from = channel.receive(packet);
                if (from == null) {
                    return;
                }
                packet.flip();
                received(from, packet);
            }
        } catch (IOException e) {
            LOG.debug("Receiving on {} failed", local(), e);
        }
    }

    private void received(SocketAddress from, ByteBuffer packet) {
        if (from.equals(remote)) {
            if (!remoteInUse) {
                return;
            }
        } else {
            if (remoteInUse) {
                return;
            }
            remote = from;
            remoteInUse = true;
            LOG.debug("{} on {} learnt {}", stream.mediaType(), local(), from);
        }
        boolean stun = isStun(packet);
        if (!stun) {
            if (!mediaSeen) {
                firstMedia(packet);
            }
            lastPacketNanos = relay.now();
        }
        PacketForwarder target = opposite;
        if (target != null && target.send(packet)) {
            packets++;
            bytes += packet.limit() + PACKET_OVERHEAD;
            relay.countRelayed(packet.limit() + PACKET_OVERHEAD);
        }
    }

    private void firstMedia(ByteBuffer packet) {
        mediaSeen = true;
        waiting = false;
        if (codec.equals("Unknown") && packet.remaining() > 1) {
            codec = RtpPayload.name(packet.get(packet.position() + 1) & 0x7f);
        }
        stream.mediaSeen();
    }

    private boolean send(ByteBuffer packet) {
        SocketAddress to = remote;
        if (to == null) {
            return false;
        }
        try {
            return channel.send(packet, to) > 0;
        } catch (IOException e) {
            LOG.debug("Sending from {} to {} failed", local(), to, e);
            return false;
        }
    }

    /** RFC 8489 5: the two first bits are zero and the magic cookie stands at byte 4. */
    private static boolean isStun(ByteBuffer packet) {
        return packet.remaining() >= 20
                && (packet.get(packet.position()) & 0xc0) == 0
                && packet.getInt(packet.position() + 4) == STUN_MAGIC_COOKIE;
    }

    /** The end moved: its old address counts no more, the next other one is learnt. */
    void expectNewRemote() {
        remoteInUse = false;
        mediaSeen = false;
        waitFrom(relay.now());
    }

    /** As if no packet had come. */
    void forgetRemote() {
        remote = null;
        remoteInUse = false;
        mediaSeen = false;
        waiting = false;
    }

    void holdBegins() {
        waitFrom(relay.now());
    }

    void holdEnds() {
        waiting = false;
        lastPacketNanos = relay.now();
        if (!remoteInUse) {
            waitFrom(lastPacketNanos);
        }
    }

    private void waitFrom(long now) {
        waiting = true;
        waitingSinceNanos = now;
    }

    /** No media came since this side began to wait for it. */
    boolean waitedFor(long nanos) {
        return waiting && relay.now() - waitingSinceNanos >= nanos;
    }

    /** Media came from here, but none for so long. */
    boolean silentFor(long nanos) {
        return mediaSeen && remoteInUse && relay.now() - lastPacketNanos >= nanos;
    }

    String codec() {
        return codec;
    }

    long packets() {
        return packets;
    }

    long bytes() {
        return bytes;
    }

    /** {@code ip:port}, or {@code Unknown}. */
    String remote() {
        SocketAddress known = remote;
        return known instanceof InetSocketAddress address
                ? address.getAddress().getHostAddress() + ":" + address.getPort()
                : "Unknown";
    }

    private String local() {
        return stream.mediaType() + " port " + channel.socket().getLocalPort();
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.warn("Closing {} failed", local(), e);
        }
    }
}

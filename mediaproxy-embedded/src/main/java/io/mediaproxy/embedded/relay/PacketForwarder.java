package io.mediaproxy.embedded.relay;

import io.mediaproxy.embedded.log.Log;
import io.mediaproxy.embedded.loop.SelectorLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;

/**
 * One UDP port of a stream: receives the packets of one end, learns that end's address from its first packet (symmetric
 * RTP, RFC 4961), and passes the packets to the port of the other side, which sends them. Confined to the relay thread.
 *
 * <p>Nothing is allocated per packet: all ports of a relay share one buffer, and the JDK returns the same address
 * object while the sender stays the same.
 */
final class PacketForwarder implements SelectorLoop.Ready {
    /** Size of IPv4 and UDP headers. MediaProxy's byte counts come from the kernel, which counts whole packets. */
    static final int PACKET_OVERHEAD = 28;

    /** Maximum packets per readiness event, so that a flood on one port does not starve the others. */
    private static final int LARGEST_BATCH = 64;

    private static final int STUN_MAGIC_COOKIE = 0x2112_A442;
    private static final Log LOG = Log.of(PacketForwarder.class);

    private final DatagramChannel channel;
    private final RelayContext relay;
    private final RelayedStream stream;
    private @Nullable PacketForwarder opposite;

    /** The address from which this end's packets come; null before the first one. */
    private @Nullable SocketAddress remote;
    /** False although a remote is known if an answer moved this end: packets from the old address are ignored. */
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
            LOG.debug("receiving on {} failed", local(), e);
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
            LOG.debug("{} learnt {}", local(), from);
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
            LOG.debug("sending from {} to {} failed", local(), to, e);
            return false;
        }
    }

    /** RFC 8489, 5: the first two bits are zero, and the magic cookie is at byte 4. */
    private static boolean isStun(ByteBuffer packet) {
        return packet.remaining() >= 20
                && (packet.get(packet.position()) & 0xc0) == 0
                && packet.getInt(packet.position() + 4) == STUN_MAGIC_COOKIE;
    }

    /** Ignores the old address from now on and learns the next other one, since an answer moved this end. */
    void expectNewRemote() {
        remoteInUse = false;
        mediaSeen = false;
        waitFrom(relay.now());
    }

    /** Forgets the address, as if no packet had come. */
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

    /** Whether this side has waited that long for media, and none came. */
    boolean waitedFor(long nanos) {
        return waiting && relay.now() - waitingSinceNanos >= nanos;
    }

    /** Whether media came from here before, but none for that long. */
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

    /** The address as {@code ip:port}, or {@code Unknown}. */
    String remote() {
        SocketAddress known = remote;
        return known instanceof InetSocketAddress address
                ? address.getAddress().getHostAddress() + ":" + address.getPort()
                : "Unknown";
    }

    private String local() {
        return "port " + channel.socket().getLocalPort();
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.warn("closing {} failed", local(), e);
        }
    }
}

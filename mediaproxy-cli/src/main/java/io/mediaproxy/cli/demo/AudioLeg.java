package io.mediaproxy.cli.demo;

import io.mediaproxy.protocol.log.Log;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The audio side of a phone: one UDP socket that sends its tone every 20 ms and listens for the other party's.
 *
 * <p>Thread-safe. Closing ends its two threads.
 */
final class AudioLeg implements AutoCloseable {
    private static final Log LOG = Log.of(AudioLeg.class);
    private static final int LARGEST_DATAGRAM = 65_535;

    private record Listener(long packets, CompletableFuture<Void> heard) {}

    private final DatagramSocket socket;
    private final RtpSender sender;
    private final ScheduledExecutorService clock;
    private final Thread ear;

    // Guarded by this, which is held for counting and never during I/O.
    private final RtpReceiver receiver;
    private final List<Listener> listeners = new ArrayList<>();
    private long sentPackets;
    private long sentBytes;
    private @Nullable ScheduledFuture<?> talk;

    private AudioLeg(String owner, DatagramSocket socket, Tone ours, Tone theirs) {
        this.socket = socket;
        this.sender = new RtpSender(ours, ThreadLocalRandom.current());
        this.receiver = new RtpReceiver(theirs);
        this.clock = Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, owner + "-mouth"));
        this.ear = new Thread(this::listen, owner + "-ear");
    }

    /** Opens a socket on a free port and begins to listen. */
    static AudioLeg open(String owner, InetAddress bind, Tone ours, Tone theirs) throws SocketException {
        AudioLeg leg = new AudioLeg(owner, new DatagramSocket(new InetSocketAddress(bind, 0)), ours, theirs);
        leg.ear.start();
        return leg;
    }

    /** The real source address of the media. */
    InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /** Begins to talk to an address. Later calls have no effect. */
    synchronized void talkTo(InetSocketAddress target) {
        if (talk == null && !clock.isShutdown()) {
            talk = clock.scheduleAtFixedRate(() -> sendOne(target), 0, Tone.FRAME_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Stops talking, but continues to listen. From then on the number of packets sent is final. */
    synchronized void fallSilent() {
        clock.shutdownNow();
    }

    /** Completes when this many packets of the other party's tone have arrived. */
    CompletableFuture<Void> heard(long packets) {
        Listener listener = new Listener(packets, new CompletableFuture<>());
        boolean already;
        synchronized (this) {
            already = receiver.packets() >= packets;
            if (!already) {
                listeners.add(listener);
            }
        }
        if (already) {
            listener.heard().complete(null);
        }
        return listener.heard();
    }

    synchronized AudioStatistics statistics() {
        return new AudioStatistics(
                sentPackets, sentBytes, receiver.packets(), receiver.bytes(), receiver.lost(), receiver.foreign());
    }

    private void sendOne(InetSocketAddress target) {
        byte[] packet = sender.nextPacket();
        synchronized (this) {
            if (clock.isShutdown()) {
                return;
            }
            sentPackets++;
            sentBytes += packet.length;
        }
        try {
            socket.send(new DatagramPacket(packet, packet.length, target));
        } catch (IOException | IllegalArgumentException e) {
            // A private address without a route, or port 0, as in a call without a relay. The packet is lost.
            LOG.debug("cannot send to {}: {}", target, e.toString());
        }
    }

    private void listen() {
        DatagramPacket packet = new DatagramPacket(new byte[LARGEST_DATAGRAM], LARGEST_DATAGRAM);
        while (!socket.isClosed()) {
            packet.setLength(LARGEST_DATAGRAM);
            try {
                socket.receive(packet);
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    LOG.warn("cannot receive audio at {}: {}", address(), e.toString());
                }
                continue;
            }
            hear(packet);
        }
    }

    private void hear(DatagramPacket packet) {
        List<Listener> satisfied;
        synchronized (this) {
            if (!receiver.accept(packet.getData(), packet.getLength())) {
                return;
            }
            satisfied = listeners.stream()
                    .filter(listener -> listener.packets() <= receiver.packets())
                    .toList();
            listeners.removeAll(satisfied);
        }
        satisfied.forEach(listener -> listener.heard().complete(null));
    }

    @Override
    public void close() {
        fallSilent();
        socket.close();
    }
}

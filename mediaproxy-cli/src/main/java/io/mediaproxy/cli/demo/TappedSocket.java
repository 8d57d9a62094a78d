package io.mediaproxy.cli.demo;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/** A UDP socket on a port that the system chose, with a tap on it. */
final class TappedSocket extends DatagramSocket {
    private final WireTap tap;
    /** Null: whoever it is. */
    private volatile @Nullable SocketAddress onlyPeer;

    TappedSocket(InetAddress bind, WireTap tap) throws SocketException {
        super(new InetSocketAddress(bind, 0));
        this.tap = tap;
    }

    @Override
    public void send(DatagramPacket packet) throws IOException {
        show(packet, false);
        super.send(packet);
    }

    @Override
    public void receive(DatagramPacket packet) throws IOException {
        do {
            packet.setLength(packet.getData().length - packet.getOffset()); // what a dropped one was cut to
            super.receive(packet);
        } while (isDropped(packet));
        show(packet, true);
    }

    /** Drops what comes from anybody else from now on; what is being received already may get through. */
    void receiveOnlyFrom(SocketAddress peer) {
        onlyPeer = peer;
    }

    private boolean isDropped(DatagramPacket packet) {
        SocketAddress only = onlyPeer;
        return only != null && !packet.getSocketAddress().equals(only);
    }

    private void show(DatagramPacket packet, boolean received) {
        InetSocketAddress peer = new InetSocketAddress(packet.getAddress(), packet.getPort());
        tap.datagram(peer, received, packet.getData(), packet.getOffset(), packet.getLength());
    }
}

package io.mediaproxy.cli.demo;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;

/** A UDP socket on a port that the system chose, with a tap on it. */
final class TappedSocket extends DatagramSocket {
    private final WireTap tap;

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
        super.receive(packet);
        show(packet, true);
    }

    private void show(DatagramPacket packet, boolean received) {
        InetSocketAddress peer = new InetSocketAddress(packet.getAddress(), packet.getPort());
        tap.datagram(peer, received, packet.getData(), packet.getOffset(), packet.getLength());
    }
}

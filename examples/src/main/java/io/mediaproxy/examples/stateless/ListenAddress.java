package io.mediaproxy.examples.stateless;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Where a server listens, and the address that it writes into Via and Record-Route, where others send to. The two
 * differ behind NAT, in a container, and if the server listens at all addresses of its machine. Thread-safe.
 *
 * @param socket an address of this machine, or 0.0.0.0; port 0 takes a free port
 * @param advertised leads to the same port
 */
public record ListenAddress(InetSocketAddress socket, InetAddress advertised) {
    /** A server that others reach at the address where it listens. */
    public static ListenAddress at(InetSocketAddress socket) {
        return new ListenAddress(socket, socket.getAddress());
    }

    /** The same when the socket is bound, and its port is known. */
    public ListenAddress bound(InetSocketAddress address) {
        return new ListenAddress(address, advertised);
    }

    /** Where others send to. */
    public InetSocketAddress reachable() {
        return new InetSocketAddress(advertised, socket.getPort());
    }
}

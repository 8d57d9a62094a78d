package io.mediaproxy.examples.stateless;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HashSet;
import java.util.Set;

/**
 * The addresses at which a server receives what it sends: a request to one of them would return to it. They are read
 * once, when the server starts. Thread-safe.
 */
public final class OwnAddresses {
    private final int port;
    private final boolean wildcard;
    private final Set<InetAddress> addresses = new HashSet<>();

    /**
     * Reads the addresses of this machine if the server listens at all of them.
     *
     * @param listening where the socket is bound; a datagram to the advertised address returns, too
     */
    public OwnAddresses(ListenAddress listening) {
        port = listening.socket().getPort();
        wildcard = listening.socket().getAddress().isAnyLocalAddress();
        addresses.add(listening.socket().getAddress());
        addresses.add(listening.advertised());
        if (wildcard) {
            try {
                NetworkInterface.networkInterfaces()
                        .flatMap(NetworkInterface::inetAddresses)
                        .forEach(addresses::add);
            } catch (SocketException e) {
                throw new IllegalStateException("cannot read the addresses of this machine", e);
            }
        }
    }

    /** Whether a datagram to this address arrives here. The kernel takes 0.0.0.0 for the sender's own address. */
    public boolean contains(InetSocketAddress target) {
        InetAddress address = target.getAddress();
        return target.getPort() == port
                && (address.isAnyLocalAddress()
                        || addresses.contains(address)
                        || (wildcard && address.isLoopbackAddress()));
    }
}

package io.mediaproxy.examples.jainsip;

import io.mediaproxy.examples.stateless.Forwarding;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A server's first look at a datagram, before the stack parses it. Called on the thread that reads the socket. */
@FunctionalInterface
public interface Doorway {
    /**
     * Decides whether the stack gets a datagram.
     *
     * @param array begins with the datagram, and is only read
     * @param waitedNanos for how long the next datagram has waited for the stack
     * @return what to do instead; null if the stack gets it
     */
    @Nullable Forwarding instead(byte[] array, int length, InetSocketAddress source, long waitedNanos);
}

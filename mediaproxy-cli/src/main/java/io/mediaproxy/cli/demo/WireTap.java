package io.mediaproxy.cli.demo;

import java.net.InetSocketAddress;

/**
 * Sees every SIP datagram of an endpoint: those it receives before the stack does, those it sends before they are on the wire.
 *
 * <p>Called on the stack's threads; returns at once and only reads.
 */
interface WireTap {
    /** An endpoint that nobody watches. */
    WireTap NONE = (peer, received, buffer, offset, length) -> {};

    void datagram(InetSocketAddress peer, boolean received, byte[] buffer, int offset, int length);
}

package io.mediaproxy.examples;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;

/** A running SIP server. Thread-safe. */
public interface SipServer extends AutoCloseable {
    /** The address at which the server listens. */
    InetSocketAddress address();

    /** Completes exceptionally with the reason when the server cannot continue; does not complete otherwise. */
    CompletableFuture<Void> broken();

    /**
     * Stops. Active calls continue without the server, and their sessions stay with the dispatcher until their media
     * stop.
     */
    @Override
    void close();
}

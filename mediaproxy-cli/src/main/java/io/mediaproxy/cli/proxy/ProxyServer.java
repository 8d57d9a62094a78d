package io.mediaproxy.cli.proxy;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;

/** A SIP proxy that runs. Safe for use by many threads. */
public interface ProxyServer extends AutoCloseable {
    /** Where it listens. */
    InetSocketAddress address();

    /** Fails with the reason when the proxy cannot go on; never completes otherwise. */
    CompletableFuture<Void> broken();

    /**
     * Drains: takes nothing in any more, sends on the messages that wait for the dispatcher, and ends. Calls that are up go on: their
     * sessions stay at the dispatcher.
     */
    @Override
    void close();
}

package io.mediaproxy.protocol.backchannel;

import io.mediaproxy.protocol.NanoClock;
import io.mediaproxy.protocol.log.Log;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXSelectorProvider;

/**
 * The socket that receives requests, which is bound again if its file is lost: a dispatcher that does not find the file
 * drops its relay at each media timeout. Confined to the reading thread.
 */
final class WatchedSocket {
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final Log LOG = Log.of(WatchedSocket.class);

    private final BackChannelConfig config;
    private final NanoClock clock;
    private final OnlySender sender;
    private final Selector selector;
    private BoundSocket bound;
    private long checkedNanos;
    private boolean lost;

    private WatchedSocket(BackChannelConfig config, BoundSocket bound, Selector selector) throws IOException {
        this.config = config;
        this.clock = config.clock();
        this.sender = new OnlySender(config.dispatchers());
        this.selector = selector;
        this.bound = bound;
        this.checkedNanos = clock.nanoTime();
        register(bound);
        connect();
    }

    /**
     * Watches a socket.
     *
     * @throws IOException the system has no selector left
     */
    static WatchedSocket open(BackChannelConfig config, BoundSocket bound) throws IOException {
        Selector selector = AFUNIXSelectorProvider.provider().openSelector();
        try {
            return new WatchedSocket(config, bound, selector);
        } catch (IOException e) {
            selector.close();
            throw e;
        }
    }

    private void register(BoundSocket socket) throws IOException {
        socket.channel().register(selector, SelectionKey.OP_READ);
    }

    Path path() {
        return bound.path();
    }

    AFUNIXDatagramChannel channel() {
        return bound.channel();
    }

    /** Waits for a datagram, at most until the next check of the file. */
    void await() throws IOException {
        selector.select(TimeUnit.NANOSECONDS.toMillis(INTERVAL_NANOS));
        selector.selectedKeys().clear();
    }

    /** Ends {@link #await()}, also the next one. For any thread. */
    void wakeUp() {
        if (selector.isOpen()) {
            selector.wakeup();
        }
    }

    /** Whether the kernel keeps more datagrams for it than it does for any socket. */
    boolean hasLongQueue() {
        return sender.isConnected();
    }

    /** Checks the file, and the connection to the only dispatcher, once a second. */
    void checkIfDue() {
        long now = clock.nanoTime();
        if (now - checkedNanos < INTERVAL_NANOS) {
            return;
        }
        checkedNanos = now;
        if (!bound.isIntact()) {
            if (bindAgain()) {
                LOG.warn("the file {} was lost and is bound again", path());
            }
        } else if (sender.isGone()) {
            bindAgain();
        }
        connect();
    }

    private boolean bindAgain() {
        bound.close();
        sender.forget();
        try {
            bound = BoundSocket.bind(config.socket(), config.permissions());
            register(bound);
            lost = false;
            return true;
        } catch (BackChannelException | IOException e) {
            if (!lost) {
                lost = true;
                LOG.error("media timeouts are lost, and with each the relay of its dispatcher: {}", e.getMessage());
            }
            return false;
        }
    }

    private void connect() {
        if (!sender.isConnected() && bound.channel().isOpen()) {
            try {
                sender.connect(bound.channel());
            } catch (IOException e) {
                LOG.debug("{} is not connected to its dispatcher: {}", path(), e.getMessage());
            }
        }
    }

    /** Closes the socket, and removes its file unless it was replaced. */
    void close() {
        try {
            selector.close();
        } catch (IOException e) {
            LOG.warn("closing the selector failed", e);
        } finally {
            bound.close();
        }
    }
}

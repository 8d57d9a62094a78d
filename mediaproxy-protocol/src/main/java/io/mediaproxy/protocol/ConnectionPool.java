package io.mediaproxy.protocol;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the connections of a client: idle, busy, and set aside after a timeout. Confined to the holder of
 * {@link IoLoop}'s turn.
 *
 * <p>After a failed connect, the pool does not connect during the retry interval. The first connection after it is a
 * probe: a UNIX socket connects even if the dispatcher does not accept, so that only the end of a command on it proves
 * that the dispatcher is back. Until then no other command is sent. A probe that is lost starts the interval again.
 * While other connections work, no probe is needed.
 */
final class ConnectionPool {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionPool.class);

    /** Opens connections. */
    @FunctionalInterface
    interface Opener {
        /** Connects, and registers the connection with the I/O thread's selector. */
        Connection open() throws IOException;
    }

    private final Opener opener;
    private final DispatcherConfig config;
    private final ClientLoad load;
    private final long retryNanos;
    private final long lateReplyNanos;

    private final Deque<Connection> idle = new ArrayDeque<>();
    private final List<Connection> busy = new ArrayList<>();
    private final Deque<Connection> setAside = new ArrayDeque<>();

    private @Nullable IOException connectFailure;
    private long retryAtNanos;
    private @Nullable Connection probe;

    ConnectionPool(Opener opener, DispatcherConfig config, ClientLoad load) {
        this.opener = opener;
        this.config = config;
        this.load = load;
        this.retryNanos = config.retryInterval().toNanos();
        this.lateReplyNanos = config.lateReplyLimit().toNanos();
    }

    /** Returns a connection for one command: the idle one used last, else a new one, or null if none can be had now. */
    @Nullable Connection take(long now) {
        if (probe != null) {
            return null;
        }
        Connection connection = takeIdle();
        if (connection == null) {
            connection = connect(now);
            if (connection != null) {
                occupy(connection);
            }
        }
        return connection;
    }

    /** Returns as {@link #take}, but never connects. */
    @Nullable Connection takeIdle() {
        Connection connection = probe == null ? idle.pollLast() : null;
        if (connection != null) {
            occupy(connection);
        }
        return connection;
    }

    private void occupy(Connection connection) {
        busy.add(connection);
        publish();
    }

    /** Returns whether {@link #take} could return a connection or would try to open one. */
    boolean hasRoom() {
        return probe == null && (!idle.isEmpty() || busy.size() < config.maxConnections());
    }

    private @Nullable Connection connect(long now) {
        boolean waiting = connectFailure != null && now - retryAtNanos < 0;
        if (waiting || busy.size() >= config.maxConnections()) {
            return null;
        }
        try {
            Connection connection = opener.open();
            if (connectFailure != null && isUnreachable()) {
                probe = connection;
            } else {
                connectFailure = null;
            }
            return connection;
        } catch (IOException e) {
            if (connectFailure == null) {
                LOG.warn(
                        "no connection to the dispatcher at {}, next try in {}: {}",
                        config.socket(),
                        config.retryInterval(),
                        e.toString());
            }
            connectFailure = e;
            retryAtNanos = now + retryNanos;
            return null;
        }
    }

    /** Takes back a connection whose command got its reply. */
    void giveBack(Connection connection) {
        connection.pending = null;
        busy.remove(connection);
        idle.addLast(connection);
        probeSucceeded(connection);
        publish();
    }

    /**
     * Sets a connection aside to read the late reply, because its command timed out.
     *
     * @return the oldest connection set aside, if there are too many; the caller has to discard it. Else null
     */
    @Nullable Connection setAside(Connection connection, long now) {
        busy.remove(connection);
        connection.setAsideUntilNanos = now + lateReplyNanos;
        setAside.addLast(connection);
        // A timeout does not mean that the dispatcher is gone: it may wait for one stalled relay.
        probeSucceeded(connection);
        publish();
        return setAside.size() > config.maxLateReplies() ? setAside.peekFirst() : null;
    }

    /** Returns the connection set aside whose time is over first, or null. */
    @Nullable Connection firstSetAside() {
        return setAside.peekFirst();
    }

    /** Closes and forgets a connection: idle, busy or set aside. */
    void discard(Connection connection, long now) {
        if (!busy.remove(connection) && !idle.remove(connection)) {
            setAside.remove(connection);
        }
        if (connection == probe) {
            probe = null;
            retryAtNanos = now + retryNanos;
        }
        close(connection);
        publish();
    }

    /** Closes all idle connections, because one was found dead: the dispatcher was restarted. */
    void discardIdle() {
        idle.forEach(ConnectionPool::close);
        idle.clear();
        publish();
    }

    /** Returns whether no connection is idle or busy: if {@link #take} returned none, there is none to wait for. */
    boolean isUnreachable() {
        return busy.isEmpty() && idle.isEmpty();
    }

    @Nullable IOException connectFailure() {
        return connectFailure;
    }

    /** Closes and forgets all connections. */
    void closeAll() {
        probe = null;
        discardIdle();
        busy.forEach(ConnectionPool::close);
        busy.clear();
        setAside.forEach(ConnectionPool::close);
        setAside.clear();
        publish();
    }

    private void probeSucceeded(Connection connection) {
        if (connection == probe) {
            LOG.info("the dispatcher at {} is back", config.socket());
            probe = null;
            connectFailure = null;
        }
    }

    private void publish() {
        load.connections(busy.size(), idle.size());
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (IOException e) {
            LOG.debug("closing a connection to the dispatcher failed", e);
        }
    }
}

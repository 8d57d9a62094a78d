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
 * A client's connections: idle, busy, and set aside after a timeout. Used by whoever has {@link IoLoop}'s turn.
 *
 * <p>After a failed connect none is tried for the retry interval. Then the first is a probe: a UNIX socket connects even while
 * nobody accepts, so that only the end of one command on it shows that the dispatcher is back; until then no other command
 * goes out. A probe that is lost begins the interval anew. While other connections work none is needed.
 */
final class ConnectionPool {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionPool.class);

    /** Where connections come from. */
    @FunctionalInterface
    interface Opener {
        /** Connects, and lets the I/O thread's selector know of the connection. */
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

    /** Returns a connection for one command: the idle one used last, else a new one; null if there is none to be had now. */
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

    /** As {@link #take}, but never connects. */
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

    /** Whether {@link #take} could give a connection, or would try for one. */
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

    /** The command on it is over in good order. */
    void giveBack(Connection connection) {
        connection.pending = null;
        busy.remove(connection);
        idle.addLast(connection);
        probeSucceeded(connection);
        publish();
    }

    /**
     * The command on it timed out: keeps it for the late reply, in nobody's way.
     *
     * @return the oldest one, if that had to give up its place; to be discarded by the caller
     */
    @Nullable Connection setAside(Connection connection, long now) {
        busy.remove(connection);
        connection.setAsideUntilNanos = now + lateReplyNanos;
        setAside.addLast(connection);
        // A timeout says nothing about the dispatcher: it may wait for one stalled relay.
        probeSucceeded(connection);
        publish();
        return setAside.size() > config.maxLateReplies() ? setAside.peekFirst() : null;
    }

    /** The one of those set aside that is closed first. */
    @Nullable Connection firstSetAside() {
        return setAside.peekFirst();
    }

    /** Closes a connection of any kind. */
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

    /** One idle connection was found dead: the dispatcher was restarted, the others are no better. */
    void discardIdle() {
        idle.forEach(ConnectionPool::close);
        idle.clear();
        publish();
    }

    /** Without any connection, after {@link #take} gave none, there is nothing to wait for. */
    boolean isUnreachable() {
        return busy.isEmpty() && idle.isEmpty();
    }

    @Nullable IOException connectFailure() {
        return connectFailure;
    }

    /** Closes all; returns those that carried a command. */
    List<Connection> closeAll() {
        discardIdle();
        List<Connection> carrying = new ArrayList<>(busy);
        carrying.addAll(setAside);
        carrying.forEach(ConnectionPool::close);
        busy.clear();
        setAside.clear();
        publish();
        return carrying;
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
            LOG.debug("closing a connection to the dispatcher", e);
        }
    }
}

package io.mediaproxy.protocol;

import io.mediaproxy.protocol.log.Log;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * Holds the connections of a client: idle, busy, and set aside after a timeout. Confined to the holder of
 * {@link IoLoop}'s turn.
 *
 * <p>After a failed connect, the pool does not connect during the retry interval. The first connection after it is a
 * probe: a UNIX socket connects even if the dispatcher does not accept, so that only the end of a command on it proves
 * that the dispatcher is back. Until then no other command is sent. A probe that is lost starts the interval again.
 * While other connections work, no probe is needed.
 *
 * <p>A listener whose backlog is full is no failure: the dispatcher is there, and busy. The pool tries again soon.
 */
final class ConnectionPool {
    private static final Log LOG = Log.of(ConnectionPool.class);

    /** Opens connections. */
    @FunctionalInterface
    interface Opener {
        /** Connects, and registers the connection with the I/O thread's selector. Null if the backlog is full. */
        @Nullable Connection open() throws IOException;
    }

    private static final long BACKLOG_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Opener opener;
    private final DispatcherConfig config;
    private final ClientLoad load;
    private final long retryNanos;
    private final LateReplies lateReplies;

    private final Deque<Connection> idle = new ArrayDeque<>();
    private final List<Connection> busy = new ArrayList<>();

    private @Nullable IOException connectFailure;
    private long retryAtNanos;
    private @Nullable Connection probe;

    private boolean backlogIsFull;
    private long backlogRetryAtNanos;

    ConnectionPool(Opener opener, DispatcherConfig config, ClientLoad load) {
        this.opener = opener;
        this.config = config;
        this.load = load;
        this.retryNanos = config.retryInterval().toNanos();
        this.lateReplies = new LateReplies(config);
    }

    /** Returns a connection for one command: the idle one used last, else a new one, or null if none can be had now. */
    @Nullable Connection take(long now) {
        Connection connection = takeIdle();
        if (connection == null && hasRoom()) {
            connection = connect(now);
            if (connection != null) {
                occupy(connection);
            }
        }
        return connection;
    }

    /** Returns as {@link #take}, but never connects. */
    @Nullable Connection takeIdle() {
        Connection connection = mayWrite() ? idle.pollLast() : null;
        if (connection != null) {
            occupy(connection);
        }
        return connection;
    }

    private void occupy(Connection connection) {
        lateReplies.number(connection);
        busy.add(connection);
        publish();
    }

    private boolean mayWrite() {
        return probe == null && lateReplies.allowCommand(busy.size());
    }

    /** Returns whether {@link #take} could return a connection or would try to open one. */
    boolean hasRoom() {
        return mayWrite() && (!idle.isEmpty() || (busy.size() < config.maxConnections() && !backlogIsFull));
    }

    private @Nullable Connection connect(long now) {
        if (connectFailure != null && now - retryAtNanos < 0) {
            return null;
        }
        try {
            Connection connection = opener.open();
            if (connection == null) {
                connectFailure = null;
                backlogIsFull = true;
                backlogRetryAtNanos = now + BACKLOG_RETRY_NANOS;
            } else if (isUnreachable()) {
                probe = connection;
            } else {
                connectFailure = null;
            }
            return connection;
        } catch (IOException e) {
            if (connectFailure == null) {
                // Without a retry interval each command finds out, and the owner of the client logs the outage.
                LOG.log(
                        retryNanos == 0 ? Level.DEBUG : Level.WARN,
                        "no connection to the dispatcher at {}, next attempt in {}: {}",
                        config.socket(),
                        config.retryInterval(),
                        e.getMessage());
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
        // A timeout does not mean that the dispatcher is gone: it may wait for one stalled relay.
        probeSucceeded(connection);
        publish();
        return lateReplies.add(connection, now);
    }

    /** Returns the connection set aside whose time is over, or null. */
    @Nullable Connection firstOverdue(long now) {
        Connection connection = lateReplies.first();
        return connection != null && connection.setAsideUntilNanos - now <= 0 ? connection : null;
    }

    /** Records that the dispatcher took the command of a connection: it sent bytes, or the connection ended. */
    void commandTaken(Connection connection) {
        lateReplies.taken(connection);
    }

    /** Records a late reply: the dispatcher is there, whatever the last attempt to connect showed. */
    void lateReply() {
        connectFailure = null;
    }

    /** Returns whether the dispatcher answers none of the last commands. */
    boolean isStalled() {
        return lateReplies.areInDoubt();
    }

    /** Returns nanoseconds until the pool has work to do, {@link Long#MAX_VALUE} if there is none. */
    long nanosToNextDeadline(long now) {
        Connection connection = lateReplies.first();
        return Math.min(
                connection == null ? Long.MAX_VALUE : connection.setAsideUntilNanos - now,
                backlogIsFull ? backlogRetryAtNanos - now : Long.MAX_VALUE);
    }

    /** Allows the next attempt to connect, if it is time for it. */
    void expire(long now) {
        backlogIsFull = backlogIsFull && backlogRetryAtNanos - now > 0;
    }

    /** Closes and forgets a connection: idle, busy or set aside. */
    void discard(Connection connection, long now) {
        if (!busy.remove(connection) && !idle.remove(connection)) {
            lateReplies.remove(connection);
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

    /** Returns whether there is no connection to wait for, and none can be opened. */
    boolean isUnreachable() {
        return connectFailure != null && busy.isEmpty() && idle.isEmpty();
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
        lateReplies.closeAll();
        backlogIsFull = false;
        publish();
    }

    private void probeSucceeded(Connection connection) {
        if (connection == probe) {
            LOG.log(retryNanos == 0 ? Level.DEBUG : Level.INFO, "the dispatcher at {} is back", config.socket());
            probe = null;
            connectFailure = null;
        }
    }

    private void publish() {
        load.connections(busy.size(), idle.size());
    }

    static void close(Connection connection) {
        try {
            connection.close();
        } catch (IOException e) {
            LOG.debug("closing a connection to the dispatcher failed", e);
        }
    }
}

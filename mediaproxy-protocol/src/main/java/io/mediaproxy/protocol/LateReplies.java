package io.mediaproxy.protocol;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Holds the connections whose command timed out, until the late reply arrives, and decides from them whether the
 * dispatcher still takes commands. Confined to the holder of {@link IoLoop}'s turn.
 *
 * <p>A late reply has one of two reasons. Either the dispatcher waits for one stalled relay and serves other commands
 * meanwhile. Or the dispatcher itself stalls, or has more to do than it can. It takes commands in the order in which
 * they were written. So a reply to a later command excuses a late one: its relay stalls. A late command without such a
 * reply is in doubt, and so is its connection: it may still be in the backlog of the dispatcher's listener, which has
 * room for 50 connections of all clients together, also of those that were closed again.
 *
 * <p>All commands in doubt but the first {@value #FREE_OF_CHARGE} count like commands in flight. If they take up all
 * connections, {@value #PROBES} more are sent as probes, one at a time, and then none. The other commands wait in the
 * queue. So a dispatcher that continues after a stall finds few commands whose callers gave up, and a late reply opens
 * the way again.
 */
final class LateReplies {
    /** Late commands that hold up no other one, because a single stalled relay is the usual reason. */
    private static final int FREE_OF_CHARGE = 4;

    /** Probes after the other connections are taken up; with the above, 12 commands by default. */
    private static final int PROBES = 4;

    private final Deque<Connection> waiting = new ArrayDeque<>();
    private final int maxConnections;
    private final int maxLateReplies;
    private final long limitNanos;

    private long lastWritten;
    /** The command written last of all that the dispatcher is known to have taken. */
    private long lastTaken;

    private int inDoubt;

    LateReplies(DispatcherConfig config) {
        maxConnections = config.maxConnections();
        maxLateReplies = config.maxLateReplies();
        limitNanos = config.lateReplyLimit().toNanos();
    }

    /** Numbers the command that is written to a connection next. */
    void number(Connection connection) {
        connection.number = ++lastWritten;
    }

    /** Records that the dispatcher took the command of a connection: it sent bytes, or the connection ended. */
    void taken(Connection connection) {
        if (connection.number > lastTaken) {
            lastTaken = connection.number;
            if (inDoubt > 0) {
                countInDoubt();
            }
        }
    }

    private void countInDoubt() {
        inDoubt = 0;
        for (Connection connection : waiting) {
            if (connection.number > lastTaken) {
                inDoubt++;
            }
        }
    }

    /** Returns whether one more command may be written, if this many connections are busy. */
    boolean allowCommand(int busy) {
        if (busy + Math.max(0, inDoubt - FREE_OF_CHARGE) < maxConnections) {
            return true;
        }
        // If the client gave up all late replies, none can excuse the commands, and a probe has to.
        return busy == 0 && (inDoubt < maxConnections + FREE_OF_CHARGE + PROBES || waiting.isEmpty());
    }

    /** Returns whether so many commands are in doubt that those in the queue wait. */
    boolean areInDoubt() {
        return inDoubt >= maxConnections + FREE_OF_CHARGE;
    }

    /**
     * Adds a connection whose command timed out.
     *
     * @return the oldest connection, if there are too many; the caller has to discard it. Else null
     */
    @Nullable Connection add(Connection connection, long now) {
        connection.setAsideUntilNanos = now + limitNanos;
        waiting.addLast(connection);
        if (connection.number > lastTaken) {
            inDoubt++;
        }
        return waiting.size() > maxLateReplies ? waiting.peekFirst() : null;
    }

    /** Returns the connection whose time is over first, or null. */
    @Nullable Connection first() {
        return waiting.peekFirst();
    }

    void remove(Connection connection) {
        waiting.remove(connection);
    }

    int size() {
        return waiting.size();
    }

    /** Closes and forgets all connections. */
    void closeAll() {
        waiting.forEach(ConnectionPool::close);
        waiting.clear();
        inDoubt = 0;
    }
}

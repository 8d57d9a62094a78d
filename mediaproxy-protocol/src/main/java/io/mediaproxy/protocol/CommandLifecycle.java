package io.mediaproxy.protocol;

import io.mediaproxy.protocol.PendingCommand.State;
import io.mediaproxy.protocol.log.Excerpt;
import io.mediaproxy.protocol.log.Log;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Takes each command from submission to its end. Confined to the holder of {@link IoLoop}'s turn; never blocks.
 *
 * <pre>
 * event                  WAITING          READY              IN_FLIGHT                            LATE
 * ────────────────────── ──────────────── ────────────────── ──────────────────────────────────── ─────────────────
 * first of its call      → READY
 * connection is free                      write → IN_FLIGHT
 * cancelled by caller                     drop → FINISHED    (its reply goes to onLate)
 * reply                                                      complete, keep → FINISHED            onLate → FINISHED
 * protocol broken                                            fail → FINISHED                      → FINISHED
 * connection lost                                            no byte written, once: → READY       → FINISHED
 *                                                            else fail → FINISHED
 * timeout                fail → FINISHED  fail → FINISHED    written in part: fail → FINISHED
 *                                                            else fail, set aside → LATE
 * no dispatcher                           fail → FINISHED
 * late reply given up                                                                             → FINISHED
 * client closed          fail             fail               fail                                 (all end)
 * </pre>
 *
 * <p>An empty field cannot happen. A command that is FINISHED closes its connection, unless the table has "keep", and
 * makes the next one first of its call. One that is cancelled while it is WAITING is dropped when it is READY.
 *
 * <p>"fail" and "complete" only settle the outcome. The future is completed by {@link #completeCollected}, after
 * connections that became free have their next command.
 */
final class CommandLifecycle {
    private static final Log LOG = Log.of(CommandLifecycle.class);

    private static final int SCRATCH_BYTES = 8192;

    private final DispatcherConfig config;
    private final ConnectionPool pool;
    private final ClientLoad load;
    private final ReplyRate rate;

    private final CallOrder calls = new CallOrder();
    private final Deadlines deadlines = new Deadlines();
    private final ReadyCommands ready = new ReadyCommands();
    private final Completions completions = new Completions();
    private final Pauses pauses;

    private long givenUp;

    private final byte[] encoded = new byte[CommandEncoder.MAX_COMMAND_BYTES];
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH_BYTES);

    CommandLifecycle(DispatcherConfig config, ConnectionPool pool, ClientLoad load) {
        this.config = config;
        this.pool = pool;
        this.load = load;
        this.rate = new ReplyRate(config, load);
        this.pauses = new Pauses(config.timeout().toNanos());
    }

    void admit(PendingCommand pending) {
        deadlines.add(pending);
        if (calls.join(pending)) {
            makeReady(pending);
        }
    }

    private void makeReady(PendingCommand pending) {
        pending.state = State.READY;
        ready.addLast(pending);
    }

    /** Writes ready commands to idle connections, and opens more connections if needed. */
    void dispatch(long now) {
        dispatch(now, true);
        if (!ready.isEmpty() && pool.isUnreachable()) {
            failAllReady(now);
        }
    }

    /**
     * Writes ready commands to idle connections.
     *
     * @return whether something is left that only the I/O thread can do
     */
    boolean dispatchToIdle(long now) {
        boolean allWritten = dispatch(now, false);
        return !allWritten || !completions.isEmpty() || (!ready.isEmpty() && pool.hasRoom());
    }

    /** Returns false if a command was written in part. */
    private boolean dispatch(long now, boolean mayConnect) {
        boolean allWritten = true;
        for (PendingCommand pending = ready.peek(); pending != null; pending = ready.peek()) {
            if (pending.future.isDone()) {
                ready.poll();
                settle(pending); // cancelled by its caller
                finish(pending, null, now);
                continue;
            }
            if (pending.deadlineNanos - now <= 0) {
                timeOut(pending, now); // do not send a command after its deadline
                continue;
            }
            Connection connection = mayConnect ? pool.take(now) : pool.takeIdle();
            if (connection == null) {
                break;
            }
            ready.poll();
            pending.state = State.IN_FLIGHT;
            pending.connection = connection;
            connection.pending = pending;
            write(connection, pending, now);
            allWritten &= !connection.isWaitingToWrite();
        }
        if (ready.isEmpty()) {
            rate.onEmptyQueue();
        }
        return allWritten;
    }

    private void failAllReady(long now) {
        IOException cause = pool.connectFailure();
        String why = "no connection to the dispatcher" + (cause == null ? "" : " (" + cause.getMessage() + ")");
        for (PendingCommand pending = ready.poll(); pending != null; pending = ready.poll()) {
            finish(pending, new DispatcherUnreachableException(why, context(pending, now), cause), now);
        }
    }

    private void write(Connection connection, PendingCommand pending, long now) {
        try {
            connection.write(pending, encoded, scratch);
        } catch (IOException e) {
            onLost(connection, now, e);
        }
    }

    /** Handles a ready socket: finishes a partial write, then reads. */
    void onReady(Connection connection, long now) {
        if (!connection.isDiscarded() && connection.isWaitingToWrite() && connection.pending != null) {
            write(connection, connection.pending, now);
        }
        if (!connection.isDiscarded()) { // by this write, or earlier in the same round
            read(connection, now);
        }
    }

    private void read(Connection connection, long now) {
        try {
            int count = connection.read(scratch);
            if (count > 0) {
                pool.commandTaken(connection);
                onBytes(connection, now);
            } else if (count < 0) {
                onLost(connection, now, null);
            }
        } catch (IOException e) {
            onLost(connection, now, e);
        }
    }

    private void onBytes(Connection connection, long now) {
        PendingCommand pending = connection.pending;
        if (pending == null) {
            LOG.warn("dispatcher at {} sent bytes without a command: {}", config.socket(), Excerpt.of(scratch));
            pool.discard(connection, now);
            return;
        }
        try {
            if (!pending.isWritten) {
                throw new MalformedReplyException("reply before the command was complete", Excerpt.of(scratch));
            }
            DispatcherReply reply = connection.parser.parse(scratch);
            if (reply == null) {
                return;
            }
            if (!pending.command.allows(reply)) {
                throw new MalformedReplyException("no reply to " + pending.command.name(), connection.parser.excerpt());
            }
            onReply(connection, pending, reply, now);
        } catch (MalformedReplyException e) {
            onMalformedReply(pending, e, now);
        }
    }

    private void onReply(Connection connection, PendingCommand pending, DispatcherReply reply, long now) {
        boolean late = pending.state == State.LATE;
        MediaProxyException failure = null;
        rate.onReply(now, !ready.isEmpty());
        load.answered(pending.command, pending.submittedNanos, now);
        if (late) {
            pool.lateReply();
            pending.failure = null; // the caller has it already
            pending.reply = reply;
            completions.add(pending);
        } else if (reply instanceof DispatcherReply.Error && pending.command instanceof UpdateCommand) {
            failure = new DispatcherErrorException(context(pending, now));
        } else {
            pending.reply = reply;
            settle(pending);
        }
        if (scratch.hasRemaining()) {
            LOG.warn("dispatcher at {} sent bytes after its reply: {}", config.socket(), Excerpt.of(scratch));
        } else if (!late) {
            pending.connection = null; // to be used again
            pool.giveBack(connection);
        }
        finish(pending, failure, now);
    }

    private void onMalformedReply(PendingCommand pending, MalformedReplyException malformed, long now) {
        if (pending.state == State.LATE) {
            LOG.warn(
                    "dispatcher at {} broke the protocol in a late reply: {}, got {}",
                    config.socket(),
                    malformed.getMessage(),
                    malformed.excerpt());
            finish(pending, null, now);
        } else {
            finish(pending, new DispatcherProtocolException(malformed, context(pending, now)), now);
        }
    }

    /**
     * Handles the end of a connection that this client did not close.
     *
     * @param cause null if the dispatcher closed it
     */
    private void onLost(Connection connection, long now, @Nullable IOException cause) {
        pool.commandTaken(connection);
        PendingCommand pending = connection.pending;
        if (pending == null) {
            LOG.debug("dispatcher at {} closed an idle connection", config.socket());
            pool.discard(connection, now);
        } else if (pending.state == State.LATE) {
            LOG.debug("connection ended before the late reply to {}", pending);
            finish(pending, null, now);
        } else if (pending.bytesWritten == 0 && !pending.isRequeued) {
            // The dispatcher saw nothing of it. If this connection is dead, all idle ones are.
            pool.discard(connection, now);
            pool.discardIdle();
            pending.isRequeued = true;
            pending.state = State.READY;
            pending.connection = null;
            ready.addFirst(pending);
        } else {
            CommandContext context = context(pending, now);
            finish(
                    pending,
                    new DispatcherUnreachableException("the connection ended before the reply", context, cause),
                    now);
        }
    }

    /** Fails commands at their deadline, and closes connections that waited long enough for a late reply. */
    void expire(long now) {
        for (PendingCommand pending = deadlines.first();
                pending != null && pending.deadlineNanos - now <= 0;
                pending = deadlines.first()) {
            timeOut(pending, now);
        }
        for (Connection connection = pool.firstOverdue(now); connection != null; connection = pool.firstOverdue(now)) {
            giveUpLateReply(connection, now);
        }
        pool.expire(now);
    }

    private void timeOut(PendingCommand pending, long now) {
        boolean wasPaused = pauses.affected(pending, now);
        MediaProxyException failure = new DispatcherTimeoutException(
                wasPaused ? "this process was paused, and found no reply" : whyNoReply(pending),
                wasPaused || pending.state == State.WAITING,
                context(pending, now));
        Connection connection = pending.connection;
        if (connection != null && pending.isWritten) {
            fail(pending, failure);
            pending.state = State.LATE;
            Connection oldest = pool.setAside(connection, now);
            if (oldest != null) {
                giveUpLateReply(oldest, now);
            }
        } else { // not sent, or only in part: the dispatcher forgets an incomplete command when its connection ends
            ready.remove(pending);
            finish(pending, failure, now);
        }
    }

    private String whyNoReply(PendingCommand pending) {
        return switch (pending.state) {
            case WAITING -> "an earlier command of the call was not answered in time";
            case READY ->
                pool.isStalled()
                        ? "the dispatcher answered no earlier command in time"
                        : "no connection became free in time";
            default -> "the dispatcher did not answer in time";
        };
    }

    private void giveUpLateReply(Connection connection, long now) {
        PendingCommand pending = connection.pending;
        if (pending != null) {
            if (Long.bitCount(++givenUp) == 1) {
                LOG.warn("no late reply to {}: it may have run; {} such commands so far", pending, givenUp);
            }
            finish(pending, null, now);
        }
    }

    /**
     * Returns whether a caller has to look after its command: one more could be written now, perhaps on a new
     * connection, or nothing else would end it in time.
     */
    boolean needsCallers() {
        return pool.hasRoom() || deadlines.first() == null;
    }

    /** Returns nanoseconds until the next deadline, {@link Long#MAX_VALUE} if there is none. */
    long nanosToNextDeadline(long now) {
        PendingCommand pending = deadlines.first();
        return Math.min(pending == null ? Long.MAX_VALUE : pending.deadlineNanos - now, pool.nanosToNextDeadline(now));
    }

    /**
     * Closes all connections, fails every command, and forgets all state, as if nothing had been submitted yet. The
     * next {@link #completeCollected} completes the futures. If this runs out of memory, the next call does the rest.
     *
     * @param why begins the message of the failures
     */
    void failAll(String why, long now, @Nullable Throwable cause) {
        pool.closeAll();
        for (PendingCommand pending = deadlines.first(); pending != null; pending = deadlines.first()) {
            fail(pending, new DispatcherUnreachableException(why, context(pending, now), cause));
        }
        ready.clear();
        calls.clear();
    }

    /** Moves settled commands to where {@link #completeCollected} finds them. */
    void collectSettled() {
        completions.collect();
    }

    /** Completes the futures of collected commands, and runs what callers chained to them. */
    void completeCollected() {
        completions.run();
    }

    /**
     * Ends a command: fails it if there is a failure, closes the connection that it still has, and starts the next
     * command of its call.
     *
     * @param failure null if the outcome is settled
     */
    private void finish(PendingCommand pending, @Nullable MediaProxyException failure, long now) {
        if (failure != null) {
            fail(pending, failure);
        }
        if (pending.connection != null) {
            pool.discard(pending.connection, now);
            pending.connection = null;
        }
        pending.state = State.FINISHED;
        PendingCommand next = calls.leave(pending);
        if (next != null) {
            makeReady(next);
        }
    }

    private void fail(PendingCommand pending, MediaProxyException failure) {
        pending.failure = failure;
        settle(pending);
    }

    /** The caller gets its outcome; the command no longer counts against the queue's capacity. */
    private void settle(PendingCommand pending) {
        deadlines.remove(pending);
        load.release(pending.command);
        completions.add(pending);
    }

    private CommandContext context(PendingCommand pending, long now) {
        Duration elapsed = Duration.ofNanos(Math.max(0, now - pending.submittedNanos));
        return CommandContext.of(pending.command, elapsed, pending.bytesWritten, config, load);
    }
}

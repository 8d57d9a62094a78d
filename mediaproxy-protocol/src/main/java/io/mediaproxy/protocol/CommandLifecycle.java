package io.mediaproxy.protocol;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A command's way from being handed over to its end. Used by whoever has {@link IoLoop}'s turn, and never blocks.
 *
 * <pre>
 *   admit ──► BEHIND_ITS_CALL ──► READY ──► IN_FLIGHT ──reply──────────────────────────► OVER
 *                    │              │           ├──connection lost, protocol broken────────►
 *                    │              │           └──timeout──► LATE ──reply, loss, limit────►
 *                    └──timeout─────┴──timeout, no dispatcher──────────────────────────────►
 * </pre>
 *
 * <p>A command that is OVER lets the next one of its call go. Its future is completed when the first of timeout and end comes,
 * but only by {@link #completeCollected}, after connections that became free have their next command.
 */
final class CommandLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(CommandLifecycle.class);

    private static final int SCRATCH_BYTES = 8192;

    private final DispatcherConfig config;
    private final ConnectionPool pool;
    private final ClientLoad load;

    private final CallOrder calls = new CallOrder();
    private final Deadlines deadlines = new Deadlines();
    private final Deque<PendingCommand> ready = new ArrayDeque<>();
    private Deque<PendingCommand> settled = new ArrayDeque<>();
    /** Settled ones on their way to completion, no longer part of what has an owner: the I/O thread's alone. */
    private Deque<PendingCommand> collected = new ArrayDeque<>();

    private final byte[] encoded = new byte[CommandEncoder.MAX_COMMAND_BYTES];
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH_BYTES);

    CommandLifecycle(DispatcherConfig config, ConnectionPool pool, ClientLoad load) {
        this.config = config;
        this.pool = pool;
        this.load = load;
    }

    void admit(PendingCommand pending) {
        deadlines.add(pending);
        if (calls.join(pending)) {
            makeReady(pending);
        }
    }

    private void makeReady(PendingCommand pending) {
        pending.state = PendingCommand.State.READY;
        ready.addLast(pending);
    }

    /** Gives ready commands to connections, as far as there are any; connects where that is of use. */
    void dispatch(long now) {
        dispatch(now, true);
        if (!ready.isEmpty() && pool.isUnreachable()) {
            failAllReady(now);
        }
    }

    /**
     * Gives ready commands to idle connections.
     *
     * @return whether there is something left that takes the I/O thread
     */
    boolean dispatchToIdle(long now) {
        boolean allWritten = dispatch(now, false);
        return !allWritten || !settled.isEmpty() || (!ready.isEmpty() && pool.hasRoom());
    }

    /** Returns false if a command went out in part. */
    private boolean dispatch(long now, boolean mayConnect) {
        boolean allWritten = true;
        for (PendingCommand pending = ready.peekFirst(); pending != null; pending = ready.peekFirst()) {
            if (pending.future.isDone()) {
                ready.removeFirst();
                settle(pending); // cancelled before it went out: nobody is told of anything
                end(pending);
                continue;
            }
            if (pending.deadlineNanos - now <= 0) {
                timeOut(pending, now); // too late to go out: nothing is sent that nobody waits for
                continue;
            }
            Connection connection = mayConnect ? pool.take(now) : pool.takeIdle();
            if (connection == null) {
                break;
            }
            ready.removeFirst();
            pending.state = PendingCommand.State.IN_FLIGHT;
            pending.connection = connection;
            connection.pending = pending;
            write(connection, pending, now);
            allWritten &= !connection.isWaitingToWrite();
        }
        return allWritten;
    }

    private void failAllReady(long now) {
        for (PendingCommand pending = ready.pollFirst(); pending != null; pending = ready.pollFirst()) {
            fail(
                    pending,
                    new DispatcherUnreachableException(
                            "no connection to the dispatcher", context(pending, now), pool.connectFailure()));
            end(pending);
        }
    }

    private void write(Connection connection, PendingCommand pending, long now) {
        try {
            connection.write(pending, encoded, scratch);
        } catch (IOException e) {
            lose(connection, now, e);
        }
    }

    /** Takes what the socket has for us. */
    void onReady(Connection connection, long now) {
        if (!connection.isDiscarded() && connection.isWaitingToWrite() && connection.pending != null) {
            write(connection, connection.pending, now);
        }
        if (!connection.isDiscarded()) { // just now, or earlier in the same round
            read(connection, now);
        }
    }

    private void read(Connection connection, long now) {
        try {
            int count = connection.read(scratch);
            if (count > 0) {
                onBytes(connection, now);
            } else if (count < 0) {
                lose(connection, now, null);
            }
        } catch (IOException e) {
            lose(connection, now, e);
        }
    }

    private void onBytes(Connection connection, long now) {
        PendingCommand pending = connection.pending;
        if (pending == null) {
            LOG.warn("dispatcher at {} sent bytes that nobody asked for: {}", config.socket(), excerptOfScratch());
            pool.discard(connection, now);
            return;
        }
        try {
            if (!pending.isWritten) {
                throw new MalformedReplyException("reply before the command was complete", excerptOfScratch());
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
            breakOff(connection, pending, e, now);
        }
    }

    private void onReply(Connection connection, PendingCommand pending, DispatcherReply reply, long now) {
        boolean late = pending.state == PendingCommand.State.LATE;
        if (late) {
            pending.failure = null; // that one has been told
            pending.reply = reply;
            settled.addLast(pending);
        } else if (reply instanceof DispatcherReply.Error && pending.command instanceof UpdateCommand) {
            fail(pending, new DispatcherErrorException(context(pending, now)));
        } else {
            pending.reply = reply;
            settle(pending);
        }
        if (scratch.hasRemaining()) {
            LOG.warn("dispatcher at {} sent bytes after its reply: {}", config.socket(), excerptOfScratch());
            pool.discard(connection, now);
        } else if (late) {
            pool.discard(connection, now);
        } else {
            pool.giveBack(connection);
        }
        end(pending);
    }

    private void breakOff(Connection connection, PendingCommand pending, MalformedReplyException malformed, long now) {
        if (pending.state == PendingCommand.State.LATE) {
            LOG.warn(
                    "dispatcher at {} broke the protocol in a late reply: {}, got {}",
                    config.socket(),
                    malformed.getMessage(),
                    malformed.excerpt());
        } else {
            fail(pending, new DispatcherProtocolException(malformed, context(pending, now)));
        }
        pool.discard(connection, now);
        end(pending);
    }

    /** The connection ended by itself; without a cause the dispatcher closed it. */
    private void lose(Connection connection, long now, @Nullable IOException cause) {
        PendingCommand pending = connection.pending;
        if (pending == null) {
            LOG.debug("dispatcher at {} closed an idle connection", config.socket());
            pool.discard(connection, now);
        } else if (pending.state == PendingCommand.State.LATE) {
            LOG.debug(
                    "connection ended before the late reply to {} of call {}",
                    pending.command.name(),
                    Excerpt.of(pending.command.callId()));
            pool.discard(connection, now);
            end(pending);
        } else if (pending.written == 0 && !pending.requeued) {
            // The dispatcher saw nothing of it. Another idle connection would only be as dead as this one.
            pool.discard(connection, now);
            pool.discardIdle();
            pending.requeued = true;
            pending.state = PendingCommand.State.READY;
            pending.connection = null;
            ready.addFirst(pending);
        } else {
            fail(
                    pending,
                    new DispatcherUnreachableException(
                            "the connection ended before the reply", context(pending, now), cause));
            pool.discard(connection, now);
            end(pending);
        }
    }

    /** Fails commands whose time is over, and closes connections that waited long enough for a late reply. */
    void expire(long now) {
        for (PendingCommand pending = deadlines.first();
                pending != null && pending.deadlineNanos - now <= 0;
                pending = deadlines.first()) {
            timeOut(pending, now);
        }
        for (Connection connection = pool.firstSetAside();
                connection != null && connection.setAsideUntilNanos - now <= 0;
                connection = pool.firstSetAside()) {
            giveUpLateReply(connection, now);
        }
    }

    private void timeOut(PendingCommand pending, long now) {
        fail(pending, new DispatcherTimeoutException(whyNoReply(pending), context(pending, now)));
        Connection connection = pending.connection;
        if (connection == null) {
            ready.remove(pending);
            end(pending);
        } else if (!pending.isWritten) {
            pool.discard(connection, now); // the dispatcher forgets a command that is not complete
            end(pending);
        } else {
            pending.state = PendingCommand.State.LATE;
            Connection oldest = pool.setAside(connection, now);
            if (oldest != null) {
                giveUpLateReply(oldest, now);
            }
        }
    }

    private static String whyNoReply(PendingCommand pending) {
        return switch (pending.state) {
            case BEHIND_ITS_CALL -> "an earlier command of the call was not answered in time";
            case READY -> "no connection became free in time";
            default -> "the dispatcher did not answer in time";
        };
    }

    private void giveUpLateReply(Connection connection, long now) {
        PendingCommand pending = connection.pending;
        pool.discard(connection, now);
        if (pending != null) {
            LOG.warn(
                    "no late reply to {} of call {}: it may have run",
                    pending.command.name(),
                    Excerpt.of(pending.command.callId()));
            end(pending);
        }
    }

    /** Whether one more command could go out now. */
    boolean hasConnectionToSpare() {
        return pool.hasRoom();
    }

    /** Returns nanoseconds until something is to be done without an event, {@link Long#MAX_VALUE} for never. */
    long nanosToNextDeadline(long now) {
        PendingCommand pending = deadlines.first();
        Connection connection = pool.firstSetAside();
        return Math.min(
                pending == null ? Long.MAX_VALUE : pending.deadlineNanos - now,
                connection == null ? Long.MAX_VALUE : connection.setAsideUntilNanos - now);
    }

    /** Closes all connections and fails every command; they are completed by the next {@link #completeCollected}. */
    void shutDown(long now, @Nullable Throwable cause) {
        for (PendingCommand pending = deadlines.first(); pending != null; pending = deadlines.first()) {
            fail(
                    pending,
                    new DispatcherUnreachableException(
                            "the client was closed before the reply", context(pending, now), cause));
        }
        ready.clear();
        pool.closeAll();
    }

    /** Takes what came to an end, for {@link #completeCollected}. */
    void collectSettled() {
        Deque<PendingCommand> completed = collected;
        collected = settled;
        settled = completed;
    }

    /** Completes the futures of what was collected; whoever waits for them runs here. */
    void completeCollected() {
        for (PendingCommand pending = collected.pollFirst(); pending != null; pending = collected.pollFirst()) {
            if (pending.failure != null) {
                pending.future.completeExceptionally(pending.failure);
            } else if (pending.reply != null && !pending.future.complete(pending.reply)) {
                tellLate(pending, pending.reply);
            }
        }
    }

    private void tellLate(PendingCommand pending, DispatcherReply reply) {
        if (!(reply instanceof DispatcherReply.Endpoints endpoints)) {
            LOG.debug(
                    "late reply to {} of call {}: {}",
                    pending.command.name(),
                    Excerpt.of(pending.command.callId()),
                    reply);
            return;
        }
        try {
            pending.onLate.accept(endpoints);
        } catch (RuntimeException e) {
            LOG.error("the listener for late updates failed on call {}", Excerpt.of(pending.command.callId()), e);
        }
    }

    private void fail(PendingCommand pending, MediaProxyException failure) {
        pending.failure = failure;
        settle(pending);
    }

    /** The caller gets its answer: it no longer counts as waiting. */
    private void settle(PendingCommand pending) {
        deadlines.remove(pending);
        load.release();
        settled.addLast(pending);
    }

    /** The next command of the call may go. */
    private void end(PendingCommand pending) {
        pending.state = PendingCommand.State.OVER;
        pending.connection = null;
        PendingCommand next = calls.leave(pending);
        if (next != null) {
            makeReady(next);
        }
    }

    private CommandContext context(PendingCommand pending, long now) {
        return new CommandContext(
                config.socket(),
                pending.command.name(),
                pending.command.callId(),
                Duration.ofNanos(Math.max(0, now - pending.submittedNanos)),
                config.timeout(),
                pending.written,
                load.busy(),
                load.idle(),
                load.queued());
    }

    private String excerptOfScratch() {
        byte[] bytes = new byte[Math.min(scratch.remaining(), Excerpt.MAX_BYTES + 1)];
        scratch.get(scratch.position(), bytes);
        return Excerpt.of(bytes, bytes.length);
    }
}

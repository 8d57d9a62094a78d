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
final class CommandFlow {
    private static final Logger LOG = LoggerFactory.getLogger(CommandFlow.class);

    private static final int SCRATCH_BYTES = 8192;

    private final DispatcherConfig config;
    private final ConnectionPool pool;
    private final Load load;

    private final CallOrder calls = new CallOrder();
    private final Deadlines deadlines = new Deadlines();
    private final Deque<Exchange> ready = new ArrayDeque<>();
    private Deque<Exchange> settled = new ArrayDeque<>();
    /** Settled ones on their way to completion, no longer part of what has an owner: the I/O thread's alone. */
    private Deque<Exchange> collected = new ArrayDeque<>();

    private final byte[] encoded = new byte[CommandEncoder.MAX_COMMAND_BYTES];
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH_BYTES);

    CommandFlow(DispatcherConfig config, ConnectionPool pool, Load load) {
        this.config = config;
        this.pool = pool;
        this.load = load;
    }

    void admit(Exchange exchange) {
        deadlines.add(exchange);
        if (calls.join(exchange)) {
            makeReady(exchange);
        }
    }

    private void makeReady(Exchange exchange) {
        exchange.state = Exchange.State.READY;
        ready.addLast(exchange);
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
        for (Exchange exchange = ready.peekFirst(); exchange != null; exchange = ready.peekFirst()) {
            if (exchange.future.isDone()) {
                ready.removeFirst();
                settle(exchange); // cancelled before it went out: nobody is told of anything
                end(exchange);
                continue;
            }
            if (exchange.deadlineNanos - now <= 0) {
                timeOut(exchange, now); // too late to go out: nothing is sent that nobody waits for
                continue;
            }
            Connection connection = mayConnect ? pool.take(now) : pool.takeIdle();
            if (connection == null) {
                break;
            }
            ready.removeFirst();
            exchange.state = Exchange.State.IN_FLIGHT;
            exchange.connection = connection;
            connection.exchange = exchange;
            write(connection, exchange, now);
            allWritten &= !connection.isWaitingToWrite();
        }
        return allWritten;
    }

    private void failAllReady(long now) {
        for (Exchange exchange = ready.pollFirst(); exchange != null; exchange = ready.pollFirst()) {
            fail(
                    exchange,
                    new DispatcherUnreachableException(
                            "no connection to the dispatcher", context(exchange, now), pool.connectFailure()));
            end(exchange);
        }
    }

    private void write(Connection connection, Exchange exchange, long now) {
        try {
            connection.write(exchange, encoded, scratch);
        } catch (IOException e) {
            lose(connection, now, e);
        }
    }

    /** Takes what the socket has for us. */
    void onReady(Connection connection, long now) {
        if (!connection.isDiscarded() && connection.isWaitingToWrite() && connection.exchange != null) {
            write(connection, connection.exchange, now);
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
        Exchange exchange = connection.exchange;
        if (exchange == null) {
            LOG.warn("dispatcher at {} sent bytes that nobody asked for: {}", config.socket(), excerptOfScratch());
            pool.discard(connection, now);
            return;
        }
        try {
            if (!exchange.isWritten) {
                throw new MalformedReplyException("reply before the command was complete", excerptOfScratch());
            }
            DispatcherReply reply = connection.parser.parse(scratch);
            if (reply == null) {
                return;
            }
            if (!exchange.allows(reply)) {
                throw new MalformedReplyException("no reply to " + exchange.command, connection.parser.excerpt());
            }
            onReply(connection, exchange, reply, now);
        } catch (MalformedReplyException e) {
            breakOff(connection, exchange, e, now);
        }
    }

    private void onReply(Connection connection, Exchange exchange, DispatcherReply reply, long now) {
        boolean late = exchange.state == Exchange.State.LATE;
        if (late) {
            exchange.failure = null; // that one has been told
            exchange.reply = reply;
            settled.addLast(exchange);
        } else if (exchange.update != null && reply instanceof DispatcherReply.Error) {
            fail(exchange, new DispatcherErrorException(context(exchange, now)));
        } else {
            exchange.reply = reply;
            settle(exchange);
        }
        if (scratch.hasRemaining()) {
            LOG.warn("dispatcher at {} sent bytes after its reply: {}", config.socket(), excerptOfScratch());
            pool.discard(connection, now);
        } else if (late) {
            pool.discard(connection, now);
        } else {
            pool.giveBack(connection);
        }
        end(exchange);
    }

    private void breakOff(Connection connection, Exchange exchange, MalformedReplyException malformed, long now) {
        if (exchange.state == Exchange.State.LATE) {
            LOG.warn(
                    "dispatcher at {} broke the protocol in a late reply: {}, got {}",
                    config.socket(),
                    malformed.getMessage(),
                    malformed.excerpt());
        } else {
            fail(exchange, new DispatcherProtocolException(malformed, context(exchange, now)));
        }
        pool.discard(connection, now);
        end(exchange);
    }

    /** The connection ended by itself; without a cause the dispatcher closed it. */
    private void lose(Connection connection, long now, @Nullable IOException cause) {
        Exchange exchange = connection.exchange;
        if (exchange == null) {
            LOG.debug("dispatcher at {} closed an idle connection", config.socket());
            pool.discard(connection, now);
        } else if (exchange.state == Exchange.State.LATE) {
            LOG.debug(
                    "connection ended before the late reply to {} of call {}",
                    exchange.command,
                    Excerpt.of(exchange.callId));
            pool.discard(connection, now);
            end(exchange);
        } else if (exchange.written == 0 && !exchange.requeued) {
            // The dispatcher saw nothing of it. Another idle connection would only be as dead as this one.
            pool.discard(connection, now);
            pool.discardIdle();
            exchange.requeued = true;
            exchange.state = Exchange.State.READY;
            exchange.connection = null;
            ready.addFirst(exchange);
        } else {
            fail(
                    exchange,
                    new DispatcherUnreachableException(
                            "the connection ended before the reply", context(exchange, now), cause));
            pool.discard(connection, now);
            end(exchange);
        }
    }

    /** Fails commands whose time is over, and closes connections that waited long enough for a late reply. */
    void expire(long now) {
        for (Exchange exchange = deadlines.first();
                exchange != null && exchange.deadlineNanos - now <= 0;
                exchange = deadlines.first()) {
            timeOut(exchange, now);
        }
        for (Connection connection = pool.firstSetAside();
                connection != null && connection.setAsideUntilNanos - now <= 0;
                connection = pool.firstSetAside()) {
            giveUpLateReply(connection, now);
        }
    }

    private void timeOut(Exchange exchange, long now) {
        fail(exchange, new DispatcherTimeoutException(whyNoReply(exchange), context(exchange, now)));
        Connection connection = exchange.connection;
        if (connection == null) {
            ready.remove(exchange);
            end(exchange);
        } else if (!exchange.isWritten) {
            pool.discard(connection, now); // the dispatcher forgets a command that is not complete
            end(exchange);
        } else {
            exchange.state = Exchange.State.LATE;
            Connection oldest = pool.setAside(connection, now);
            if (oldest != null) {
                giveUpLateReply(oldest, now);
            }
        }
    }

    private static String whyNoReply(Exchange exchange) {
        return switch (exchange.state) {
            case BEHIND_ITS_CALL -> "an earlier command of the call was not answered in time";
            case READY -> "no connection became free in time";
            default -> "the dispatcher did not answer in time";
        };
    }

    private void giveUpLateReply(Connection connection, long now) {
        Exchange exchange = connection.exchange;
        pool.discard(connection, now);
        if (exchange != null) {
            LOG.warn("no late reply to {} of call {}: it may have run", exchange.command, Excerpt.of(exchange.callId));
            end(exchange);
        }
    }

    /** Whether one more command could go out now. */
    boolean hasConnectionToSpare() {
        return pool.hasRoom();
    }

    /** Returns nanoseconds until something is to be done without an event, {@link Long#MAX_VALUE} for never. */
    long nanosToNextDeadline(long now) {
        Exchange exchange = deadlines.first();
        Connection connection = pool.firstSetAside();
        return Math.min(
                exchange == null ? Long.MAX_VALUE : exchange.deadlineNanos - now,
                connection == null ? Long.MAX_VALUE : connection.setAsideUntilNanos - now);
    }

    /** Closes all connections and fails every command; they are completed by the next {@link #completeCollected}. */
    void shutDown(long now, @Nullable Throwable cause) {
        for (Exchange exchange = deadlines.first(); exchange != null; exchange = deadlines.first()) {
            fail(
                    exchange,
                    new DispatcherUnreachableException(
                            "the client was closed before the reply", context(exchange, now), cause));
        }
        ready.clear();
        pool.closeAll();
    }

    /** Takes what came to an end, for {@link #completeCollected}. */
    void collectSettled() {
        Deque<Exchange> completed = collected;
        collected = settled;
        settled = completed;
    }

    /** Completes the futures of what was collected; whoever waits for them runs here. */
    void completeCollected() {
        for (Exchange exchange = collected.pollFirst(); exchange != null; exchange = collected.pollFirst()) {
            if (exchange.failure != null) {
                exchange.future.completeExceptionally(exchange.failure);
            } else if (exchange.reply != null && !exchange.future.complete(exchange.reply)) {
                tellLate(exchange, exchange.reply);
            }
        }
    }

    private void tellLate(Exchange exchange, DispatcherReply reply) {
        if (exchange.update == null || !(reply instanceof DispatcherReply.Endpoints endpoints)) {
            LOG.debug("late reply to {} of call {}: {}", exchange.command, Excerpt.of(exchange.callId), reply);
            return;
        }
        try {
            config.lateUpdate().accept(exchange.update, endpoints);
        } catch (RuntimeException e) {
            LOG.error("the listener for late updates failed on call {}", Excerpt.of(exchange.callId), e);
        }
    }

    private void fail(Exchange exchange, MediaProxyException failure) {
        exchange.failure = failure;
        settle(exchange);
    }

    /** The caller gets its answer: it no longer counts as waiting. */
    private void settle(Exchange exchange) {
        deadlines.remove(exchange);
        load.release();
        settled.addLast(exchange);
    }

    /** The next command of the call may go. */
    private void end(Exchange exchange) {
        exchange.state = Exchange.State.OVER;
        exchange.connection = null;
        Exchange next = calls.leave(exchange);
        if (next != null) {
            makeReady(next);
        }
    }

    private CommandContext context(Exchange exchange, long now) {
        return new CommandContext(
                config.socket(),
                exchange.command,
                exchange.callId,
                Duration.ofNanos(Math.max(0, now - exchange.submittedNanos)),
                config.timeout(),
                exchange.written,
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

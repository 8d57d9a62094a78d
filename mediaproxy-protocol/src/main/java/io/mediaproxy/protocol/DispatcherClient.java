package io.mediaproxy.protocol;

import io.mediaproxy.protocol.log.Log;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * Sends commands to the dispatcher and receives its replies, asynchronously. Thread-safe. One client serves a whole
 * process.
 *
 * <p>One thread waits for all sockets and completes all futures. Code that is chained to them must not block, nor wait
 * for another command; the {@code ...Async} methods of {@link CompletableFuture} run it elsewhere. If a connection is
 * idle, the caller's thread writes the command itself, without waiting. Failures are always a
 * {@link MediaProxyException} in the future, never thrown by {@link #update} and {@link #remove}.
 *
 * <ul>
 *   <li>Each connection carries one command at a time. Connections are opened as load requires.
 *   <li>Commands of one Call-ID are sent in the order of submission, each after the end of the one before.
 *   <li>Answers, and offers of calls in progress, overtake commands that begin or end other calls: a call whose offer
 *       has a relay and whose answer does not loses the audio of one side.
 *   <li>If a command times out in flight, its connection carries no other command. It waits for the late reply, until
 *       {@link DispatcherConfig#lateReplyLimit()}. Later commands of the call wait too, each within its own timeout.
 *   <li>While the dispatcher answers no command, at most a dozen are sent, and the others wait in the queue, each
 *       within its own timeout. If it answers, but too slowly for the load, those that it cannot answer in time fail at
 *       once with a {@link QueueFullException}, offers of new calls first.
 *   <li>A connection found dead before the first byte of a command was written is replaced, once, without an error.
 *   <li>After a failed connect, commands fail at once until {@link DispatcherConfig#retryInterval()} has passed. Then
 *       one command is sent as a probe, and the others wait for its end within their own timeout.
 * </ul>
 */
public final class DispatcherClient implements AutoCloseable {
    private static final Log LOG = Log.of(DispatcherClient.class);
    private static final long CLOSE_WITHIN_MILLIS = 2_000;

    private final DispatcherConfig config;
    private final long timeoutNanos;
    private final ClientLoad load;
    private final IoLoop loop;
    private final Thread thread;

    private DispatcherClient(
            DispatcherConfig config,
            Selector selector,
            UnixDomainSocketAddress address,
            Queue<PendingCommand> submissions) {
        this.config = config;
        timeoutNanos = config.timeout().toNanos();
        load = new ClientLoad(config.queueCapacity());
        ConnectionPool pool = new ConnectionPool(() -> Connection.open(address, selector), config, load);
        CommandLifecycle lifecycle = new CommandLifecycle(config, pool, load);
        loop = new IoLoop(selector, lifecycle, config.clock(), timeoutNanos, submissions);
        thread = new Thread(loop, config.threadName());
        thread.setDaemon(true);
    }

    /**
     * Starts a client. It connects when the first command is sent, so that the dispatcher may be started later.
     *
     * @param config the dispatcher's socket and all limits
     * @return a running client, to be closed by the caller
     * @throws DispatcherUnreachableException if the platform has no UNIX domain sockets, or the process cannot open any
     *     more
     */
    public static DispatcherClient open(DispatcherConfig config) {
        return open(config, new ConcurrentLinkedQueue<>());
    }

    static DispatcherClient open(DispatcherConfig config, Queue<PendingCommand> submissions) {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(config.socket());
        try {
            SocketChannel.open(StandardProtocolFamily.UNIX).close(); // fails here on a platform without them
            return start(config, Selector.open(), address, submissions);
        } catch (IOException | UnsupportedOperationException e) {
            throw new DispatcherUnreachableException(
                    "cannot open UNIX domain sockets, needed for " + config.socket(), null, e);
        }
    }

    /** Leaves nothing open if it fails: the system may refuse one more thread. */
    private static DispatcherClient start(
            DispatcherConfig config,
            Selector selector,
            UnixDomainSocketAddress address,
            Queue<PendingCommand> submissions)
            throws IOException {
        try {
            DispatcherClient client = new DispatcherClient(config, selector, address, submissions);
            config.clock().onJump(client.loop::wakeUp);
            client.thread.start();
            return client;
        } catch (RuntimeException | Error e) {
            selector.close();
            throw e;
        }
    }

    /**
     * Sends an offer or answer, and ignores a late reply.
     *
     * @param command the offer or answer
     * @return {@link DispatcherReply.Endpoints} or {@link DispatcherReply.None}; {@code error} fails the future with a
     *     {@link DispatcherErrorException}
     */
    public CompletableFuture<DispatcherReply> update(UpdateCommand command) {
        return submit(command, DispatcherClient::ignore);
    }

    /**
     * Sends an offer or answer, and reports if it succeeds after its future was done: at its timeout, or because the
     * caller cancelled or completed it. The session that it made is then unused and would stay at the relay.
     *
     * @param command the offer or answer
     * @param onLate receives the late reply, on the client's thread; must not block
     * @return {@link DispatcherReply.Endpoints} or {@link DispatcherReply.None}; {@code error} fails the future with a
     *     {@link DispatcherErrorException}
     */
    public CompletableFuture<DispatcherReply> update(
            UpdateCommand command, Consumer<DispatcherReply.Endpoints> onLate) {
        return submit(command, onLate);
    }

    /**
     * Removes the session of a call that is over.
     *
     * @param command the call
     * @return {@link DispatcherReply.Removed}, or {@link DispatcherReply.Error} if the dispatcher knows no such session
     */
    public CompletableFuture<DispatcherReply> remove(RemoveCommand command) {
        return submit(command, DispatcherClient::ignore);
    }

    private CompletableFuture<DispatcherReply> submit(
            DispatcherCommand command, Consumer<DispatcherReply.Endpoints> onLate) {
        return submit(command, onLate, config.clock().nanoTime());
    }

    /**
     * Sends a command.
     *
     * @param submittedNanos when its timeout began
     */
    CompletableFuture<DispatcherReply> submit(
            DispatcherCommand command, Consumer<DispatcherReply.Endpoints> onLate, long submittedNanos) {
        PendingCommand pending = new PendingCommand(command, onLate, submittedNanos, timeoutNanos);
        if (!load.tryAccept(command, submittedNanos)) {
            return CompletableFuture.failedFuture(new QueueFullException(load.limitOf(command), notSent(command)));
        }
        boolean taken = false;
        try {
            taken = loop.submit(pending);
        } finally {
            if (!taken) { // closed, or memory has run out
                load.release(command);
            }
        }
        if (!taken) {
            pending.future.completeExceptionally(new ClientClosedException(notSent(command)));
        }
        return pending.future;
    }

    /** Has the client's thread run a task at this time of its clock, unless the client is closed before. */
    void runAt(long nanos, Timers.Task task) {
        loop.runAt(nanos, task);
    }

    private static void ignore(DispatcherReply.Endpoints late) {}

    private CommandContext notSent(DispatcherCommand command) {
        return CommandContext.of(command, Duration.ZERO, 0, config, load);
    }

    /**
     * Encodes a command and parses a reply to it, in memory and without a dispatcher. A server that does this before
     * its first call has the classes loaded and compiled by then.
     *
     * @param command is sent nowhere
     * @return to an update, ports of the relay {@code 192.0.2.1}, one for each stream; to a remove,
     *     {@link DispatcherReply.Removed}
     */
    public static DispatcherReply rehearse(DispatcherCommand command) {
        int unused = CommandEncoder.encode(command, new byte[CommandEncoder.MAX_COMMAND_BYTES]);
        StringBuilder reply = new StringBuilder("removed");
        if (command instanceof UpdateCommand update) {
            reply = new StringBuilder("192.0.2.1");
            for (int i = 0; i < update.media().size(); i++) {
                reply.append(' ').append(40_000 + 2 * i);
            }
        }
        byte[] line = reply.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
        try {
            return Objects.requireNonNull(new ReplyParser().parse(ByteBuffer.wrap(line)), "a reply without an end");
        } catch (MalformedReplyException e) {
            throw new IllegalStateException("a lawful reply cannot be parsed", e);
        }
    }

    /**
     * Returns how fast the dispatcher answers now.
     *
     * @return the load at this moment
     */
    public DispatcherLoad load() {
        return load.at(config.clock().nanoTime());
    }

    /**
     * Returns whether the client takes commands. An Error on the client's thread fails the commands in hand and no
     * later one; only {@link #close} and a failure of the system's selector end the client.
     *
     * @return false after {@link #close}, or if the client has ended by itself, which is logged
     */
    public boolean isOpen() {
        return loop.isOpen();
    }

    /**
     * Fails all pending commands with a {@link DispatcherUnreachableException}, and returns when the thread has ended
     * and all sockets are closed. If called by code that is chained to a future, or interrupted, it returns at once;
     * the thread does the rest. If such code blocks the thread for more than 2 s, it interrupts the thread and returns.
     * Later commands fail with a {@link ClientClosedException}. Calling it again has no effect.
     */
    @Override
    public void close() {
        loop.close();
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            thread.join(CLOSE_WITHIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        if (thread.isAlive()) {
            LOG.warn(
                    "closed the client of {} while code that is chained to a future blocks its thread",
                    config.socket());
            thread.interrupt();
        }
    }
}

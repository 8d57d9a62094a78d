package io.mediaproxy.protocol;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Asks the dispatcher for media relays, asynchronously. Safe for use by many threads; one client serves a whole process.
 *
 * <p>One thread waits for all sockets. Futures are completed on it, so that what is chained to them must not block or wait for
 * another command: use the {@code ...Async} methods of {@link CompletableFuture} for that. A command for which a connection is
 * idle is written by the calling thread itself, which never waits for that. Failures are always a
 * {@link MediaProxyException} in the future, never thrown by {@link #update} and {@link #remove}.
 *
 * <ul>
 *   <li>Each connection carries one command at a time; connections are opened as load asks for them.
 *   <li>Commands of one Call-ID go out in the order they were handed over, each after the end of the one before.
 *   <li>A command that timed out in flight keeps its connection, which carries nothing else any more, until the late reply, the
 *       end of the connection or {@link DispatcherConfig#lateReplyLimit()}. Later commands of its call wait for that, each within
 *       its own timeout. An update that succeeds late, or whose future was cancelled or otherwise completed by the caller
 *       before its reply, goes to the command's {@code onLate}.
 *   <li>A connection found dead before the first byte of a command went out is replaced, once, without an error to anyone.
 *   <li>After a failed connect commands fail at once until {@link DispatcherConfig#retryInterval()} is over. Then one command goes
 *       out as a probe; others wait for its end within their own timeout.
 * </ul>
 */
public final class DispatcherClient implements AutoCloseable {
    private static final Consumer<DispatcherReply.Endpoints> IGNORE = endpoints -> {};

    private final DispatcherConfig config;
    private final long timeoutNanos;
    private final ClientLoad load;
    private final IoLoop loop;
    private final Thread thread;

    private DispatcherClient(DispatcherConfig config, Selector selector, UnixDomainSocketAddress address) {
        this.config = config;
        timeoutNanos = config.timeout().toNanos();
        load = new ClientLoad(config.queueCapacity());
        ConnectionPool pool = new ConnectionPool(() -> Connection.open(address, selector), config, load);
        loop = new IoLoop(selector, new CommandLifecycle(config, pool, load), config.clock(), timeoutNanos);
        thread = new Thread(loop, config.threadName());
        thread.setDaemon(true);
    }

    /**
     * Starts the client. No connection is made before the first command, so that a dispatcher may come later.
     *
     * @throws DispatcherUnreachableException if this system has no UNIX sockets for us
     */
    public static DispatcherClient open(DispatcherConfig config) {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(config.socket());
        DispatcherClient client;
        try {
            SocketChannel.open(StandardProtocolFamily.UNIX).close(); // a system without them says so here, not later
            client = new DispatcherClient(config, Selector.open(), address);
        } catch (IOException | UnsupportedOperationException e) {
            throw new DispatcherUnreachableException(
                    "cannot prepare for UNIX sockets, wanted " + config.socket(), null, e);
        }
        config.clock().onJump(client.loop::wakeUp);
        client.thread.start();
        return client;
    }

    /**
     * Sends an offer or answer.
     *
     * <p>As {@link #update(UpdateCommand, Consumer)} with a listener that does nothing.
     *
     * @param command the offer or answer
     * @return {@link DispatcherReply.Endpoints} or {@link DispatcherReply.None}; {@code error} fails the future with a
     *     {@link DispatcherErrorException}
     */
    public CompletableFuture<DispatcherReply> update(UpdateCommand command) {
        return submit(command, IGNORE);
    }

    /**
     * Sends an offer or answer, whose late reply is of interest: the session that it made would otherwise stay at the relay.
     *
     * @param command the offer or answer
     * @param onLate called with the reply if the update succeeded after its caller had given up, because it timed out or the caller
     *     cancelled or completed the future; on the client's thread, must not block
     * @return {@link DispatcherReply.Endpoints} or {@link DispatcherReply.None}; {@code error} fails the future with a
     *     {@link DispatcherErrorException}
     */
    public CompletableFuture<DispatcherReply> update(
            UpdateCommand command, Consumer<DispatcherReply.Endpoints> onLate) {
        return submit(command, onLate);
    }

    /**
     * Sends the end of a call.
     *
     * @param command the call
     * @return {@link DispatcherReply.Removed}, or {@link DispatcherReply.Error} if the dispatcher knows no such session
     */
    public CompletableFuture<DispatcherReply> remove(RemoveCommand command) {
        return submit(command, IGNORE);
    }

    private CompletableFuture<DispatcherReply> submit(
            DispatcherCommand command, Consumer<DispatcherReply.Endpoints> onLate) {
        long now = config.clock().nanoTime();
        if (!load.tryAccept()) {
            return CompletableFuture.failedFuture(new QueueFullException(config.queueCapacity(), notSent(command)));
        }
        PendingCommand pending = new PendingCommand(command, onLate, now, timeoutNanos);
        if (!loop.submit(pending)) {
            load.release();
            pending.future.completeExceptionally(new ClientClosedException(notSent(command)));
        }
        return pending.future;
    }

    private CommandContext notSent(DispatcherCommand command) {
        return new CommandContext(
                config.socket(),
                command.name(),
                command.callId(),
                Duration.ZERO,
                config.timeout(),
                0,
                load.busy(),
                load.idle(),
                load.queued());
    }

    /**
     * Fails what is pending with a {@link DispatcherUnreachableException}, and returns when no thread and no socket is left; called
     * from a continuation it does not wait. Later commands are refused. Calling it again has no effect.
     */
    @Override
    public void close() {
        loop.close();
        if (Thread.currentThread() == thread) {
            return;
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true; // sockets close without waiting for anyone: the end is near
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

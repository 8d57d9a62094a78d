package io.mediaproxy.protocol.backchannel;

import io.mediaproxy.protocol.NanoClock;
import io.mediaproxy.protocol.backchannel.BackChannelException.Reason;
import io.mediaproxy.protocol.log.CountedLine;
import io.mediaproxy.protocol.log.Log;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * Receives the dispatcher's requests to end a dialog whose media stopped ({@code dlg_end_dlg}), answers them and calls
 * a {@link MediaTimeoutListener}. Thread-safe. Open one per process before the first call, close it after the last.
 *
 * <p>It has three daemon threads, so that none waits for a slower one: one reads and queues, one looks dialogs up and
 * answers, one ends dialogs. Between them are two queues of {@link BackChannelConfig#queueCapacity()}.
 *
 * <ul>
 *   <li>A request is answered after its dialog was looked up and before it is ended. If the sender's queue is full, an
 *       answer waits up to 2 s from when its request was read; the dispatcher waits 3 s.
 *   <li>A dialog id that is received again gets the same answer, and the listener is not called. This holds for the
 *       latest 4096 dialogs that the listener knew; unknown ones are looked up each time.
 *   <li>Answers are sent to the address of the sender. A sender without an address, or a request without an {@code id},
 *       gets none. {@code result} is {@code "OK"}; otherwise {@code error} has one of these codes:
 *       <table>
 *         <caption>Codes</caption>
 *         <tr><td>404</td><td>the listener does not know the dialog; logged at debug level only</td></tr>
 *         <tr><td>503</td><td>a queue is full</td></tr>
 *         <tr><td>-32700</td><td>not JSON</td></tr>
 *         <tr><td>-32600</td><td>not a request</td></tr>
 *         <tr><td>-32601</td><td>another method</td></tr>
 *         <tr><td>-32602</td><td>not one dialog id</td></tr>
 *         <tr><td>-32603</td><td>the listener threw an exception</td></tr>
 *       </table>
 *   <li>Datagrams of more than 4096 bytes are dropped. Bad datagrams are logged, at most one line in ten seconds.
 *   <li>Once a second it checks the file of the socket, and binds it again if it was removed or replaced.
 * </ul>
 */
public final class BackChannel implements AutoCloseable {
    private static final Log LOG = Log.of(BackChannel.class);

    /** One second less than the dispatcher waits. */
    private static final long ANSWER_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Path path;
    private final NanoClock clock;
    private final DatagramReader reader;
    private final Thread readingThread;
    private final Worker answering;
    private final Worker dialogs;
    private final RequestAnswering requests;
    private final AnswerSender answers;
    private final AnswerSender refusals;
    private final CountedLine tooMany;

    private volatile boolean closing;
    private volatile @Nullable Thread answeringThread;

    private BackChannel(BackChannelConfig config, MediaTimeoutListener listener, WatchedSocket socket) {
        path = config.socket();
        clock = config.clock();
        CountedLine badDatagrams = LOG.counted(Level.WARN, clock::nanoTime);
        tooMany = LOG.counted(Level.WARN, clock::nanoTime);
        reader = new DatagramReader(socket, badDatagrams, this::queue);
        clock.onJump(reader::wakeUp);
        readingThread = daemon(this::read, config.threadName());
        answers = new AnswerSender(clock);
        refusals = new AnswerSender(clock);
        dialogs = new Worker(config.threadName() + "-dialogs", config.queueCapacity(), () -> {});
        answering = new Worker(config.threadName() + "-answers", config.queueCapacity(), this::endAnswering);
        requests = new RequestAnswering(new DialogEnding(listener, dialogs), answers, badDatagrams);
    }

    /**
     * Binds the socket and starts to receive. A socket file without a listening process is replaced.
     *
     * @param config the socket and all limits
     * @param listener looks dialogs up
     * @return an open back channel, to be closed by the caller
     * @throws BackChannelException if the socket cannot be bound, for instance because another process listens on it
     */
    public static BackChannel open(BackChannelConfig config, MediaTimeoutListener listener) {
        BoundSocket bound = BoundSocket.bind(config.socket(), config.permissions());
        try {
            WatchedSocket socket = WatchedSocket.open(config, bound);
            warnOfLosses(config, socket);
            BackChannel channel = new BackChannel(config, listener, socket);
            channel.readingThread.start();
            return channel;
        } catch (IOException e) {
            bound.close();
            throw new BackChannelException(config.socket(), Reason.REFUSED, "the system refused: " + e.getMessage(), e);
        }
    }

    private static void warnOfLosses(BackChannelConfig config, WatchedSocket socket) {
        if (!socket.hasLongQueue()) {
            KernelQueue.warning().ifPresent(warning -> LOG.warn("{}", warning));
        }
        for (Path dispatcher : config.dispatchers()) {
            try {
                Access.advice(config.socket(), dispatcher).ifPresent(advice -> LOG.warn("{}", advice));
            } catch (IOException e) {
                LOG.debug("the owner of {} is not known yet: {}", dispatcher, e.getMessage());
            }
        }
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Runs the reading thread. After its end the other threads finish, one after the other. */
    private void read() {
        try {
            reader.run();
        } finally {
            try {
                refusals.close();
            } finally {
                answering.shutdown();
            }
        }
    }

    private void endAnswering() {
        try {
            answers.close();
        } finally {
            dialogs.shutdown();
        }
    }

    /** Queues a request. Confined to the reading thread. */
    private void queue(byte[] datagram, @Nullable SocketAddress sender) {
        long deadlineNanos = clock.nanoTime() + ANSWER_WITHIN_NANOS;
        try {
            answering.execute(() -> answer(datagram, sender, deadlineNanos));
        } catch (RejectedExecutionException e) {
            tooMany.log(
                    "refused a request from {}: {} others wait",
                    sender,
                    answering.getQueue().size());
            RequestId id = RequestParser.parse(datagram).id();
            if (id != null && sender != null) {
                refusals.send(Json.error(id, RpcError.TOO_BUSY), sender, clock.nanoTime());
            }
        }
    }

    /** Answers a request. Confined to the answering thread. */
    private void answer(byte[] datagram, @Nullable SocketAddress sender, long deadlineNanos) {
        answeringThread = Thread.currentThread();
        try {
            requests.answer(datagram, sender, closing ? clock.nanoTime() : deadlineNanos);
        } catch (RuntimeException | Error e) {
            LOG.error("answering {} failed", sender, e);
        }
    }

    /**
     * Returns the socket on which requests are received.
     *
     * @return as configured
     */
    public Path socket() {
        return path;
    }

    /**
     * Stops reading, removes the socket's file and answers all requests that were read. Returns when that is done, at
     * the latest 2 s after the file was removed; if called by the listener or interrupted, it returns at once. Dialogs
     * whose requests were answered are still ended, on their thread, which ends after the last of them. Calling it
     * again has no effect.
     */
    @Override
    public void close() {
        closing = true;
        reader.close();
        try {
            readingThread.join();
            if (Thread.currentThread() != answeringThread
                    && !answering.awaitTermination(ANSWER_WITHIN_NANOS, TimeUnit.NANOSECONDS)) {
                LOG.warn("closed {} while the listener still looks up a dialog", path);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One daemon thread with a bounded queue. It starts with its first work. */
    private static final class Worker extends ThreadPoolExecutor {
        private final Runnable afterLast;

        Worker(String name, int queueCapacity, Runnable afterLast) {
            super(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(queueCapacity), work -> daemon(work, name));
            this.afterLast = afterLast;
        }

        @Override
        protected void terminated() {
            try {
                afterLast.run();
            } finally {
                super.terminated();
            }
        }
    }
}

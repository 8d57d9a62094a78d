package io.mediaproxy.protocol;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that owns a client's sockets: takes commands from a queue, waits for sockets and deadlines, and leaves the
 * decisions to {@link CommandFlow}.
 *
 * <p>A caller wakes the thread only if it sleeps and has a connection to spare: while all are busy the next reply or timeout,
 * which wakes it anyway, comes before it could do anything with one more command. Nothing is lost in between: the thread first
 * says that it goes to sleep and then looks at queue and clock once more, a caller first fills the queue and then looks whether
 * it sleeps.
 */
final class IoLoop implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(IoLoop.class);

    private final Selector selector;
    private final CommandFlow flow;
    private final NanoClock clock;
    private final Queue<Exchange> submissions = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean asleep = new AtomicBoolean();
    private final List<Connection> selected = new ArrayList<>();

    private volatile boolean hungry;
    private volatile boolean closing;
    private volatile boolean stopped;

    IoLoop(Selector selector, CommandFlow flow, NanoClock clock) {
        this.selector = selector;
        this.flow = flow;
        this.clock = clock;
    }

    /** Hands a command over; from any thread. Returns false if the loop has ended and will never see it. */
    boolean submit(Exchange exchange) {
        submissions.add(exchange);
        if (stopped && submissions.remove(exchange)) {
            return false;
        }
        if (hungry) {
            wakeUp();
        }
        return true;
    }

    /** Lets the loop look at queue and clock; from any thread. */
    void wakeUp() {
        if (asleep.get() && asleep.compareAndSet(true, false)) {
            selector.wakeup();
        }
    }

    /** Lets the loop end; from any thread. */
    void close() {
        closing = true;
        wakeUp();
    }

    @Override
    public void run() {
        Throwable failure = null;
        try {
            while (!closing) {
                turn();
            }
        } catch (IOException | RuntimeException | Error e) {
            LOG.error("the dispatcher client ends: its I/O thread failed", e);
            failure = e;
        } finally {
            end(failure);
        }
    }

    private void turn() throws IOException {
        long now = clock.nanoTime();
        for (int i = 0; i < selected.size(); i++) {
            flow.onReady(selected.get(i), now);
        }
        admitAll();
        flow.expire(now);
        flow.dispatch(now);
        flow.completeSettled();
        awaitEvents();
    }

    private void admitAll() {
        for (Exchange exchange = submissions.poll(); exchange != null; exchange = submissions.poll()) {
            flow.admit(exchange);
        }
    }

    private void awaitEvents() throws IOException {
        hungry = flow.hasConnectionToSpare();
        asleep.set(true);
        long nanos = flow.nanosToNextDeadline(clock.nanoTime());
        int ready;
        if (closing || nanos <= 0 || !submissions.isEmpty()) {
            ready = selector.selectNow();
        } else if (nanos == Long.MAX_VALUE) {
            ready = selector.select();
        } else {
            ready = selector.select(TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
        }
        asleep.set(false);
        selected.clear();
        if (ready > 0) { // the set's iterators cost more than all else here
            takeSelected();
        }
        // A caller's continuation may have left the flag set, and channels close themselves under an interrupted
        // thread.
        Thread.interrupted();
    }

    private void takeSelected() {
        for (Iterator<SelectionKey> keys = selector.selectedKeys().iterator(); keys.hasNext(); ) {
            selected.add((Connection) keys.next().attachment());
            keys.remove();
        }
    }

    private void end(@Nullable Throwable failure) {
        stopped = true;
        admitAll();
        flow.shutDown(clock.nanoTime(), failure);
        flow.completeSettled();
        try {
            selector.close();
        } catch (IOException e) {
            LOG.warn("closing the selector", e);
        }
    }
}

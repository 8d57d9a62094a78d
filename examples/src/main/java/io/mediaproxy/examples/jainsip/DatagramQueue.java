package io.mediaproxy.examples.jainsip;

import gov.nist.javax.sip.stack.DatagramQueuedMessageDispatch;
import java.net.DatagramPacket;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The datagrams that wait for the stack's thread, bounded in number, in bytes and in age. What is too much is dropped:
 * its sender sends it again, and an old message is one that its sender has sent again. Thread-safe.
 */
final class DatagramQueue extends ArrayBlockingQueue<DatagramQueuedMessageDispatch> {
    static final int MAX_DATAGRAMS = 4096;
    static final long MAX_BYTES = 8 << 20;
    /** T1 of RFC 3261 17.1.1.1, after which an unanswered request is repeated. */
    static final long MAX_AGE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final long serialVersionUID = 1;

    private final transient LongSupplier nanoTime;
    private final transient Runnable dropped;
    private final AtomicLong bytes = new AtomicLong();

    /** A datagram with the time of its arrival. */
    private static final class Arrival extends DatagramQueuedMessageDispatch {
        private final long nanos;

        Arrival(DatagramPacket packet, long nanos) {
            super(packet, System.currentTimeMillis());
            this.nanos = nanos;
        }
    }

    /**
     * Creates an empty queue.
     *
     * @param nanoTime a nano clock
     * @param dropped runs for each datagram that is dropped
     */
    DatagramQueue(LongSupplier nanoTime, Runnable dropped) {
        super(MAX_DATAGRAMS);
        this.nanoTime = nanoTime;
        this.dropped = dropped;
    }

    /** Queues a datagram, which fills its array, or drops it. */
    void add(DatagramPacket packet) {
        int length = packet.getLength();
        if (bytes.addAndGet(length) > MAX_BYTES || !offer(new Arrival(packet, nanoTime.getAsLong()))) {
            bytes.addAndGet(-length);
            dropped.run();
        }
    }

    /** Returns for how long the next datagram has waited; 0 if there is none. */
    long waitedNanos() {
        return peek() instanceof Arrival next ? nanoTime.getAsLong() - next.nanos : 0;
    }

    /** Returns the next datagram that is not too old, and waits for it. */
    @Override
    public DatagramQueuedMessageDispatch take() throws InterruptedException {
        while (true) {
            Arrival next = (Arrival) super.take();
            bytes.addAndGet(-next.packet.getLength());
            if (nanoTime.getAsLong() - next.nanos <= MAX_AGE_NANOS) {
                return next;
            }
            dropped.run();
        }
    }
}

package io.mediaproxy.cli;

import io.mediaproxy.protocol.log.Log;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns the end of the process (Ctrl-C, SIGTERM) into an interrupt of the working thread, and delays the end until that
 * thread has closed its resources. Thread-safe.
 */
final class Interruption {
    private static final Log LOG = Log.of(Interruption.class);
    private static final long PATIENCE_SECONDS = 5;

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread atEnd;

    private Interruption(Thread worker) {
        atEnd = new Thread(() -> interrupt(worker), "interruption");
    }

    static Interruption ofThisThread() {
        Interruption interruption = new Interruption(Thread.currentThread());
        Runtime.getRuntime().addShutdownHook(interruption.atEnd);
        return interruption;
    }

    private void interrupt(Thread worker) {
        worker.interrupt();
        try {
            if (!closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("not everything is closed after {} s", PATIENCE_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the process then ends at once
        }
    }

    /** Ends the delay: the thread has closed its resources. */
    void over() {
        closed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(atEnd);
        } catch (IllegalStateException e) {
            LOG.debug("the process is ending", e);
        }
    }
}

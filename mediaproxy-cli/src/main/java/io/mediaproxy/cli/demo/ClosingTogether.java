package io.mediaproxy.cli.demo;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes several things side by side, because a SIP stack takes a second for it. Not thread-safe. */
final class ClosingTogether implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ClosingTogether.class);

    private final List<AutoCloseable> parts = new ArrayList<>();

    <T extends AutoCloseable> T add(T part) {
        parts.add(part);
        return part;
    }

    /** Returns when all are closed; one that fails is logged. */
    @Override
    public void close() {
        List<Thread> threads = new ArrayList<>(parts.size());
        for (AutoCloseable part : parts) {
            Thread thread = new Thread(() -> closeOne(part), "close");
            thread.start();
            threads.add(thread);
        }
        parts.clear();
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true; // Sockets and threads are given back all the same.
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closeOne(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            log.warn("{} did not close: {}", part, e.toString(), e);
        }
    }
}

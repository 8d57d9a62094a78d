package io.mediaproxy.examples;

import io.mediaproxy.protocol.log.Log;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The failures of one server. The failure of one message costs that message: it is counted, and logged at once or with
 * the next line, at most one line in ten seconds. A line has the class of an exception and its place, never its text,
 * which may quote a message. What the server cannot survive completes {@link #broken}. Thread-safe.
 */
public final class Failures {
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Log log;
    private final ProxyEvents events;
    private final LongSupplier nanoTime;
    private final CompletableFuture<Void> broken = new CompletableFuture<>();
    private boolean logged;
    private long lastLine;
    private long sinceLastLine;

    /**
     * Creates the failures of one server.
     *
     * @param nanoTime a nano clock
     */
    public Failures(Log log, ProxyEvents events, LongSupplier nanoTime) {
        this.log = log;
        this.events = events;
        this.nanoTime = nanoTime;
    }

    /**
     * Notes that one message could not be handled. Throws nothing: if even that fails, the server is broken.
     *
     * @param problem a line that quotes no message
     */
    public void add(String problem, Throwable cause) {
        try {
            events.error();
            long number = numberToLog();
            if (number > 0) {
                log.warn("{}: {} ({} since the last line)", problem, place(cause), number);
            }
        } catch (Throwable e) {
            broken(e);
        }
    }

    /** Notes that the server cannot continue. */
    public void broken(Throwable cause) {
        broken.completeExceptionally(cause);
    }

    /** Completes exceptionally with the reason when the server cannot continue. */
    public CompletableFuture<Void> broken() {
        return broken;
    }

    private synchronized long numberToLog() {
        long number = ++sinceLastLine;
        long now = nanoTime.getAsLong();
        if (logged && now - lastLine < PAUSE_NANOS) {
            return 0;
        }
        logged = true;
        lastLine = now;
        sinceLastLine = 0;
        return number;
    }

    private static String place(Throwable cause) {
        StackTraceElement[] trace = cause.getStackTrace();
        String name = cause.getClass().getName();
        return trace.length == 0 ? name : name + " at " + trace[0];
    }
}

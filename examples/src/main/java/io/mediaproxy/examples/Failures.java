package io.mediaproxy.examples;

import io.mediaproxy.protocol.log.CountedLine;
import io.mediaproxy.protocol.log.Log;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.slf4j.event.Level;

/**
 * The failures of one server. The failure of one message costs that message: it is counted, and logged at once or with
 * the next line, at most one line in ten seconds. A line has the class of an exception and its place, never its text,
 * which may quote a message. What the server cannot survive completes {@link #broken}. Thread-safe.
 */
public final class Failures {
    private final CountedLine line;
    private final ProxyEvents events;
    private final CompletableFuture<Void> broken = new CompletableFuture<>();

    /**
     * Creates the failures of one server.
     *
     * @param nanoTime a nano clock
     */
    public Failures(Log log, ProxyEvents events, LongSupplier nanoTime) {
        this.line = log.counted(Level.WARN, nanoTime);
        this.events = events;
    }

    /**
     * Notes that one message could not be handled. Throws nothing: if even that fails, the server is broken.
     *
     * @param problem a line that quotes no message
     */
    public void add(String problem, Throwable cause) {
        try {
            events.error();
            line.log("{}: {}", problem, place(cause));
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

    private static String place(Throwable cause) {
        StackTraceElement[] trace = cause.getStackTrace();
        String name = cause.getClass().getName();
        return trace.length == 0 ? name : name + " at " + trace[0];
    }
}

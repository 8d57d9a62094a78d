package io.mediaproxy.protocol.log;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * A log line for events that may come in great numbers: the first one is logged, and then at most one in
 * {@link #INTERVAL}, with the number of those that were not. Thread-safe.
 */
public final class CountedLine {
    /** The shortest time between two lines. */
    public static final Duration INTERVAL = Duration.ofSeconds(10);

    private final Log log;
    private final Level level;
    private final LongSupplier nanoTime;

    private boolean logged;
    private long loggedNanos;
    private long withheld;

    CountedLine(Log log, Level level, LongSupplier nanoTime) {
        this.log = log;
        this.level = level;
        this.nanoTime = nanoTime;
    }

    /**
     * Logs the event, or only counts it.
     *
     * @param format as for {@link Log#error}
     * @param arguments as for {@link Log#error}
     */
    public void log(String format, @Nullable Object... arguments) {
        long more;
        synchronized (this) {
            long now = nanoTime.getAsLong();
            if (logged && now - loggedNanos < INTERVAL.toNanos()) {
                withheld++;
                return;
            }
            logged = true;
            loggedNanos = now;
            more = withheld;
            withheld = 0;
        }
        log.log(level, more == 0 ? format : format + " (" + more + " more since the last such line)", arguments);
    }
}

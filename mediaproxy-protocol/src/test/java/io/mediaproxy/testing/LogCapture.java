package io.mediaproxy.testing;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;

/** Keeps the log lines of one logger and those below it, of all levels. Thread-safe. */
public final class LogCapture implements AutoCloseable {
    private final Logger logger;
    private final @Nullable Level before;
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();

    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord logged) {
            records.add(logged);
        }

        @Override
        public void flush() {
            // Nothing is held back.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    };

    private LogCapture(Logger logger) {
        this.logger = logger;
        this.before = logger.getLevel();
        handler.setLevel(Level.ALL);
        logger.setLevel(Level.ALL);
        logger.addHandler(handler);
    }

    /** Starts to keep the lines of a logger, such as {@code io.mediaproxy}. */
    public static LogCapture of(String name) {
        return new LogCapture(Logger.getLogger(name));
    }

    /** Returns the lines so far, each as {@code LEVEL message}. */
    public List<String> lines() {
        return records.stream()
                .map(logged -> logged.getLevel() + " " + new SimpleFormatter().formatMessage(logged))
                .toList();
    }

    /** Returns the lines so far from a level on. */
    public List<String> lines(Level from) {
        return records.stream()
                .filter(logged -> logged.getLevel().intValue() >= from.intValue())
                .map(logged -> logged.getLevel() + " " + new SimpleFormatter().formatMessage(logged))
                .toList();
    }

    /** Returns the stack traces of the logged exceptions. */
    public List<String> traces() {
        return records.stream()
                .filter(logged -> logged.getThrown() != null)
                .map(logged -> {
                    StringWriter trace = new StringWriter();
                    logged.getThrown().printStackTrace(new PrintWriter(trace));
                    return trace.toString();
                })
                .toList();
    }

    @Override
    public void close() {
        logger.removeHandler(handler);
        logger.setLevel(before);
    }
}

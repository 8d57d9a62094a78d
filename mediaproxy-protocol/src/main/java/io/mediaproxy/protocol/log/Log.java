package io.mediaproxy.protocol.log;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The log of one class, and the only way in which this project logs: no text from outside reaches a log raw. Each
 * argument appears as printable ASCII on one line, cut at {@value #MAX_CHARS} characters, and so do the messages of
 * exceptions. Text from outside within a longer argument goes through {@link Excerpt} before.
 *
 * <p>Formats are those of SLF4J. Thread-safe.
 */
public final class Log {
    /** Of one argument. */
    public static final int MAX_CHARS = 1000;

    private final Logger logger;

    private Log(Logger logger) {
        this.logger = logger;
    }

    /**
     * Returns the log of a class.
     *
     * @param owner names the log
     * @return a log on SLF4J
     */
    public static Log of(Class<?> owner) {
        return new Log(LoggerFactory.getLogger(owner));
    }

    /**
     * Returns the log of another program's lines.
     *
     * @param name of the log
     * @return a log on SLF4J
     */
    public static Log of(String name) {
        return new Log(LoggerFactory.getLogger(name));
    }

    /**
     * Returns a log that writes to a logger.
     *
     * @param logger of SLF4J
     * @return a log on it
     */
    public static Log of(Logger logger) {
        return new Log(logger);
    }

    /**
     * Returns a line for events that outside parties can cause in great numbers.
     *
     * @param level of the line
     * @param nanoTime the clock
     * @return a line that was not logged yet
     */
    public CountedLine counted(Level level, LongSupplier nanoTime) {
        return new CountedLine(this, level, nanoTime);
    }

    /**
     * Logs at ERROR.
     *
     * @param format of SLF4J
     * @param arguments for its places; an exception may follow
     */
    public void error(String format, @Nullable Object... arguments) {
        log(Level.ERROR, format, arguments);
    }

    /**
     * Logs at WARN.
     *
     * @param format as for {@link #error}
     * @param arguments as for {@link #error}
     */
    public void warn(String format, @Nullable Object... arguments) {
        log(Level.WARN, format, arguments);
    }

    /**
     * Logs at INFO.
     *
     * @param format as for {@link #error}
     * @param arguments as for {@link #error}
     */
    public void info(String format, @Nullable Object... arguments) {
        log(Level.INFO, format, arguments);
    }

    /**
     * Logs at DEBUG: the level for lines about single calls and messages.
     *
     * @param format as for {@link #error}
     * @param arguments as for {@link #error}
     */
    public void debug(String format, @Nullable Object... arguments) {
        log(Level.DEBUG, format, arguments);
    }

    /**
     * Logs at TRACE.
     *
     * @param format as for {@link #error}
     * @param arguments as for {@link #error}
     */
    public void trace(String format, @Nullable Object... arguments) {
        log(Level.TRACE, format, arguments);
    }

    /**
     * Returns whether lines of a level are written.
     *
     * @param level to ask for
     * @return as SLF4J has it
     */
    public boolean isEnabled(Level level) {
        return logger.isEnabledForLevel(level);
    }

    /**
     * Logs at a level.
     *
     * @param level of the line
     * @param format as for {@link #error}
     * @param arguments as for {@link #error}
     */
    public void log(Level level, String format, @Nullable Object... arguments) {
        if (isEnabled(level)) {
            @Nullable Object[] shown = new Object[arguments.length];
            for (int i = 0; i < shown.length; i++) {
                shown[i] = shown(arguments[i]);
            }
            logger.atLevel(level).log(format, shown);
        }
    }

    private static @Nullable Object shown(@Nullable Object argument) {
        if (argument == null || argument instanceof Number || argument instanceof Boolean) {
            return argument;
        }
        return argument instanceof Throwable thrown ? ShownThrowable.of(thrown) : Excerpt.line(argument.toString());
    }
}

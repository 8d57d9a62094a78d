package io.mediaproxy.embedded.log;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The log of one class, and the only way in which this module logs: each argument, and the message of an exception,
 * appears as printable ASCII on one line, cut at {@value #MAX_CHARS} characters. So no text from outside reaches a log
 * raw. Formats are those of SLF4J. Thread-safe.
 */
public final class Log {
    private static final int MAX_CHARS = 1000;

    private final Logger logger;

    private Log(Logger logger) {
        this.logger = logger;
    }

    /** Returns the log of a class. */
    public static Log of(Class<?> owner) {
        return new Log(LoggerFactory.getLogger(owner));
    }

    public void error(String format, @Nullable Object... arguments) {
        log(Level.ERROR, format, arguments);
    }

    public void warn(String format, @Nullable Object... arguments) {
        log(Level.WARN, format, arguments);
    }

    public void debug(String format, @Nullable Object... arguments) {
        log(Level.DEBUG, format, arguments);
    }

    public void trace(String format, @Nullable Object... arguments) {
        log(Level.TRACE, format, arguments);
    }

    private void log(Level level, String format, @Nullable Object... arguments) {
        if (logger.isEnabledForLevel(level)) {
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
        return argument instanceof Throwable thrown ? ShownThrowable.of(thrown) : line(argument.toString());
    }

    /** Shows a text, as it is except for what is not printable ASCII. */
    static String line(String text) {
        StringBuilder line = new StringBuilder(text.length());
        for (int i = 0; i < text.length() && line.length() < MAX_CHARS; i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 0x7F) {
                line.append(c);
            } else {
                for (byte b : String.valueOf(c).getBytes(StandardCharsets.UTF_8)) {
                    line.append(String.format("\\x%02x", b));
                }
            }
        }
        return text.length() > MAX_CHARS ? line.append("...").toString() : line.toString();
    }
}

package io.mediaproxy.jainsip;

import gov.nist.core.LogLevels;
import gov.nist.core.StackLogger;
import io.mediaproxy.protocol.log.CountedLine;
import io.mediaproxy.protocol.log.Log;
import java.io.IOException;
import java.text.ParseException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * Writes JAIN-SIP's log through SLF4J, to the logger {@code javax.sip}, so that the stack needs no log4j.
 *
 * <p>The stack creates it by name:
 *
 * <pre>
 *   properties.setProperty("gov.nist.javax.sip.STACK_LOGGER", Slf4jStackLogger.class.getName());
 * </pre>
 *
 * <p>Of a message that the stack logs, such as one that it cannot read, only the first line is written: a body may have
 * keys. Of warnings and errors there is one of each in ten seconds, with the number of the others.
 *
 * <p>The SLF4J backend decides which levels are written. Two kinds of errors are logged at debug level: an
 * {@link IOException}, which the stack also throws to the sender of the message, and the interrupts by which the stack
 * stops its own threads.
 *
 * <p>Thread-safe.
 */
public final class Slf4jStackLogger implements StackLogger {
    private static final int MAX_CHARS = 200;

    private static final String LOGGER_NAME = "javax.sip";

    private static final Log LOG = Log.of(LOGGER_NAME);

    private static final CountedLine ERRORS = LOG.counted(Level.ERROR, System::nanoTime);
    private static final CountedLine WARNINGS = LOG.counted(Level.WARN, System::nanoTime);

    /** Called by the stack. */
    public Slf4jStackLogger() {}

    @Override
    public boolean isLoggingEnabled() {
        return LOG.isEnabled(Level.ERROR);
    }

    @Override
    public boolean isLoggingEnabled(int level) {
        return switch (level) {
            case LogLevels.TRACE_TRACE -> LOG.isEnabled(Level.TRACE);
            case LogLevels.TRACE_DEBUG -> LOG.isEnabled(Level.DEBUG);
            case LogLevels.TRACE_INFO -> LOG.isEnabled(Level.INFO);
            case LogLevels.TRACE_WARN -> LOG.isEnabled(Level.WARN);
            case LogLevels.TRACE_ERROR, LogLevels.TRACE_FATAL -> LOG.isEnabled(Level.ERROR);
            default -> false;
        };
    }

    @Override
    public void logTrace(String message) {
        LOG.trace("{}", head(message));
    }

    @Override
    public void logDebug(String message) {
        LOG.debug("{}", head(message));
    }

    @Override
    public void logDebug(String message, Exception problem) {
        debug(message, problem);
    }

    @Override
    public void logStackTrace() {
        logStackTrace(TRACE_DEBUG);
    }

    @Override
    public void logStackTrace(int level) {
        if (isLoggingEnabled(level)) {
            LOG.debug("stack trace", new Throwable("not an error: the stack logs where it is"));
        }
    }

    @Override
    public void logInfo(String message) {
        LOG.info("{}", head(message));
    }

    @Override
    public void logWarning(String message) {
        WARNINGS.log("{}", head(message));
    }

    @Override
    public void logError(String message) {
        ERRORS.log("{}", head(message));
    }

    @Override
    public void logError(String message, Exception problem) {
        if (problem instanceof InterruptedException) {
            debug(message, problem);
        } else {
            ERRORS.log("{}: {}", head(message), head(problem.toString()));
            debug(message, problem);
        }
    }

    @Override
    public void logFatalError(String message) {
        ERRORS.log("{}", head(message));
    }

    @Override
    public void logException(Throwable problem) {
        if (problem instanceof IOException) {
            LOG.debug("not sent", problem);
        } else {
            ERRORS.log("{}", head(problem.toString()));
            debug("it failed", problem);
        }
    }

    /** Logs a stack trace, but not that of a message that cannot be read: its text may contain that message. */
    private static void debug(String message, Throwable problem) {
        if (problem instanceof ParseException) {
            LOG.debug("{}: {}", head(message), head(problem.toString()));
        } else {
            LOG.debug("{}", head(message), problem);
        }
    }

    /** Returns the first line: the stack logs whole SIP messages, and their bodies have keys. */
    private static String head(@Nullable String message) {
        String text = String.valueOf(message);
        int end = 0;
        while (end < Math.min(text.length(), MAX_CHARS) && text.charAt(end) != '\r' && text.charAt(end) != '\n') {
            end++;
        }
        return end == text.length() ? text : text.substring(0, end) + "...";
    }

    /** Always 0: lines are not counted. */
    @Override
    public int getLineCount() {
        return 0;
    }

    /** Does nothing: the SLF4J backend's configuration decides. */
    @Override
    public void disableLogging() {}

    /** Does nothing: the SLF4J backend's configuration decides. */
    @Override
    public void enableLogging() {}

    @Override
    public void setBuildTimeStamp(String buildTimeStamp) {
        LOG.debug("JAIN-SIP built {}", buildTimeStamp);
    }

    /** Does nothing: the SLF4J backend's configuration decides. */
    @Override
    public void setStackProperties(Properties properties) {}

    @Override
    public String getLoggerName() {
        return LOGGER_NAME;
    }
}

package io.mediaproxy.jainsip;

import gov.nist.core.LogLevels;
import gov.nist.core.StackLogger;
import java.io.IOException;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes JAIN-SIP's log through SLF4J, to the logger {@code javax.sip}, so that the stack needs no log4j.
 *
 * <p>The stack creates it by name:
 *
 * <pre>
 *   properties.setProperty("gov.nist.javax.sip.STACK_LOGGER", Slf4jStackLogger.class.getName());
 * </pre>
 *
 * <p>The SLF4J backend decides which levels are written. Two kinds of errors are logged at debug level: an
 * {@link IOException}, which the stack also throws to the sender of the message, and the interrupts by which the stack
 * stops its own threads.
 *
 * <p>Thread-safe.
 */
public final class Slf4jStackLogger implements StackLogger {
    private static final Logger LOG = LoggerFactory.getLogger("javax.sip");

    /** Called by the stack. */
    public Slf4jStackLogger() {}

    @Override
    public boolean isLoggingEnabled() {
        return LOG.isErrorEnabled();
    }

    @Override
    public boolean isLoggingEnabled(int level) {
        return switch (level) {
            case LogLevels.TRACE_TRACE -> LOG.isTraceEnabled();
            case LogLevels.TRACE_DEBUG -> LOG.isDebugEnabled();
            case LogLevels.TRACE_INFO -> LOG.isInfoEnabled();
            case LogLevels.TRACE_WARN -> LOG.isWarnEnabled();
            case LogLevels.TRACE_ERROR, LogLevels.TRACE_FATAL -> LOG.isErrorEnabled();
            default -> false;
        };
    }

    @Override
    public void logTrace(String message) {
        LOG.trace("{}", message);
    }

    @Override
    public void logDebug(String message) {
        LOG.debug("{}", message);
    }

    @Override
    public void logDebug(String message, Exception problem) {
        LOG.debug("{}", message, problem);
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
        LOG.info("{}", message);
    }

    @Override
    public void logWarning(String message) {
        LOG.warn("{}", message);
    }

    @Override
    public void logError(String message) {
        LOG.error("{}", message);
    }

    @Override
    public void logError(String message, Exception problem) {
        if (problem instanceof InterruptedException) {
            LOG.debug("{}", message, problem);
        } else {
            LOG.error("{}", message, problem);
        }
    }

    @Override
    public void logFatalError(String message) {
        LOG.error("{}", message);
    }

    @Override
    public void logException(Throwable problem) {
        if (problem instanceof IOException) {
            LOG.debug("not sent", problem);
        } else {
            LOG.error("{}", problem.toString(), problem);
        }
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
        return LOG.getName();
    }
}

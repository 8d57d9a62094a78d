package io.mediaproxy.cli.demo;

import gov.nist.core.LogLevels;
import gov.nist.core.StackLogger;
import java.io.IOException;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * JAIN-SIP's log, written through SLF4J, so that log4j is not needed.
 *
 * <p>Public because the stack makes it by name ({@code gov.nist.javax.sip.STACK_LOGGER}). Thread-safe.
 */
public final class Slf4jStackLogger implements StackLogger {
    private final Logger log = LoggerFactory.getLogger("io.mediaproxy.cli.demo.sip");

    @Override
    public void logStackTrace() {
        logStackTrace(TRACE_DEBUG);
    }

    @Override
    public void logStackTrace(int traceLevel) {
        if (isLoggingEnabled(traceLevel)) {
            log.debug("called from", new Throwable("the stack"));
        }
    }

    @Override
    public int getLineCount() {
        return 0;
    }

    @Override
    public void logException(Throwable problem) {
        if (problem instanceof IOException) {
            log.debug("not sent", problem); // thrown at the sender, too, who knows whether it matters
        } else {
            log.error("{}", problem.toString(), problem);
        }
    }

    @Override
    public void logTrace(String message) {
        log.trace("{}", message);
    }

    @Override
    public void logDebug(String message) {
        log.debug("{}", message);
    }

    @Override
    public void logDebug(String message, Exception problem) {
        log.debug("{}", message, problem);
    }

    @Override
    public void logInfo(String message) {
        log.info("{}", message);
    }

    @Override
    public void logWarning(String message) {
        log.warn("{}", message);
    }

    @Override
    public void logError(String message) {
        log.error("{}", message);
    }

    @Override
    public void logError(String message, Exception problem) {
        if (problem instanceof InterruptedException) {
            log.debug("{}", message, problem); // the stack is being stopped
        } else {
            log.error("{}", message, problem);
        }
    }

    @Override
    public void logFatalError(String message) {
        log.error("{}", message);
    }

    @Override
    public boolean isLoggingEnabled() {
        return log.isErrorEnabled();
    }

    @Override
    public boolean isLoggingEnabled(int logLevel) {
        return switch (logLevel) {
            case LogLevels.TRACE_TRACE -> log.isTraceEnabled();
            case LogLevels.TRACE_DEBUG -> log.isDebugEnabled();
            case LogLevels.TRACE_INFO -> log.isInfoEnabled();
            case LogLevels.TRACE_WARN -> log.isWarnEnabled();
            case LogLevels.TRACE_ERROR, LogLevels.TRACE_FATAL -> log.isErrorEnabled();
            default -> false;
        };
    }

    @Override
    public void disableLogging() {
        // The SLF4J backend's configuration decides.
    }

    @Override
    public void enableLogging() {
        // The SLF4J backend's configuration decides.
    }

    @Override
    public void setBuildTimeStamp(String buildTimeStamp) {
        log.debug("JAIN-SIP built {}", buildTimeStamp);
    }

    @Override
    public void setStackProperties(Properties stackProperties) {
        // The SLF4J backend's configuration decides.
    }

    @Override
    public String getLoggerName() {
        return log.getName();
    }
}

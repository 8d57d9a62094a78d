package io.mediaproxy.jainsip.example;

import gov.nist.core.LogLevels;
import gov.nist.core.StackLogger;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What JAIN-SIP complains of goes to SLF4J, its debugging nowhere, and log4j is not needed. Public because the stack makes it by
 * name.
 */
public final class Slf4jStackLogger implements StackLogger {
    private static final Logger log = LoggerFactory.getLogger("javax.sip");

    @Override
    public boolean isLoggingEnabled(int level) {
        return switch (level) {
            case LogLevels.TRACE_WARN -> log.isWarnEnabled();
            case LogLevels.TRACE_ERROR, LogLevels.TRACE_FATAL -> log.isErrorEnabled();
            default -> false;
        };
    }

    @Override
    public boolean isLoggingEnabled() {
        return log.isErrorEnabled();
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
        log.error("{}", message, problem);
    }

    @Override
    public void logFatalError(String message) {
        log.error("{}", message);
    }

    @Override
    public void logException(Throwable problem) {
        log.error("{}", problem.toString(), problem);
    }

    @Override
    public void logInfo(String message) {}

    @Override
    public void logDebug(String message) {}

    @Override
    public void logDebug(String message, Exception problem) {}

    @Override
    public void logTrace(String message) {}

    @Override
    public void logStackTrace() {}

    @Override
    public void logStackTrace(int level) {}

    @Override
    public int getLineCount() {
        return 0;
    }

    @Override
    public void disableLogging() {}

    @Override
    public void enableLogging() {}

    @Override
    public void setBuildTimeStamp(String buildTimeStamp) {}

    @Override
    public void setStackProperties(Properties properties) {}

    @Override
    public String getLoggerName() {
        return log.getName();
    }
}

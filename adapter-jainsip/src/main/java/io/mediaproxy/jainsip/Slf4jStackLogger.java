package io.mediaproxy.jainsip;

import gov.nist.core.LogLevels;
import gov.nist.core.StackLogger;
import java.io.IOException;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
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
 * <p>The stack quotes whole messages in its lines, with the keys in their SDP, and anyone can send it such messages. So
 * none of its text is written. Errors and warnings become one line in ten seconds at most for each of the two levels,
 * with the place in the stack that reported the last one, and their number:
 *
 * <pre>
 *   JAIN-SIP reports an error at gov.nist.javax.sip.stack.UDPMessageChannel.processMessage (17 since the last line)
 * </pre>
 *
 * <p>Lower levels are not written at all, and neither are two kinds of errors: an {@link IOException}, which the stack
 * also throws to the sender of the message, and the interrupts by which the stack stops its own threads.
 *
 * <p>Thread-safe.
 */
public final class Slf4jStackLogger implements StackLogger {
    private static final Logger LOG = LoggerFactory.getLogger("javax.sip");
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final String OWN = Slf4jStackLogger.class.getName();
    private static final String WRAPPER = "gov.nist.core.CommonLogger";

    private final Lines errors;
    private final Lines warnings;

    /** Called by the stack. */
    public Slf4jStackLogger() {
        this(LOG, System::nanoTime);
    }

    Slf4jStackLogger(Logger log, LongSupplier nanoTime) {
        errors = new Lines(nanoTime) {
            @Override
            void write(String place, long number) {
                log.error("JAIN-SIP reports an error at {} ({} since the last line)", place, number);
            }
        };
        warnings = new Lines(nanoTime) {
            @Override
            void write(String place, long number) {
                log.warn("JAIN-SIP warns at {} ({} since the last line)", place, number);
            }
        };
    }

    /** Counts the lines of one level, and writes few of them. */
    private abstract static class Lines {
        private final LongSupplier nanoTime;
        private boolean written;
        private long lastLine;
        private long sinceLastLine;

        Lines(LongSupplier nanoTime) {
            this.nanoTime = nanoTime;
        }

        abstract void write(String place, long number);

        void add(@Nullable Throwable problem) {
            long number = numberToWrite();
            if (number > 0) {
                write(problem == null ? caller() : problem.getClass().getName() + " at " + caller(), number);
            }
        }

        private synchronized long numberToWrite() {
            long number = ++sinceLastLine;
            long now = nanoTime.getAsLong();
            if (written && now - lastLine < PAUSE_NANOS) {
                return 0;
            }
            written = true;
            lastLine = now;
            sinceLastLine = 0;
            return number;
        }

        /** The method that reported: the first one outside this class and the stack's own wrapper of loggers. */
        private static String caller() {
            return StackWalker.getInstance()
                    .walk(frames -> frames.filter(frame -> !isLogger(frame.getClassName()))
                            .findFirst()
                            .map(frame -> frame.getClassName() + '.' + frame.getMethodName())
                            .orElse("an unknown place"));
        }
    }

    private static boolean isLogger(String name) {
        return name.equals(OWN) || name.startsWith(OWN + '$') || name.equals(WRAPPER);
    }

    /** Whether errors are written, since the stack asks this before it builds a line about an error. */
    @Override
    public boolean isLoggingEnabled() {
        return LOG.isErrorEnabled();
    }

    @Override
    public boolean isLoggingEnabled(int level) {
        return switch (level) {
            case LogLevels.TRACE_WARN -> LOG.isWarnEnabled();
            case LogLevels.TRACE_ERROR, LogLevels.TRACE_FATAL -> LOG.isErrorEnabled();
            default -> false;
        };
    }

    /** Does nothing: the line may quote a message. */
    @Override
    public void logTrace(String message) {}

    /** Does nothing: the line may quote a message. */
    @Override
    public void logDebug(String message) {}

    /** Does nothing: the line may quote a message. */
    @Override
    public void logDebug(String message, Exception problem) {}

    /** Does nothing: it is no problem. */
    @Override
    public void logStackTrace() {}

    /** Does nothing: it is no problem. */
    @Override
    public void logStackTrace(int level) {}

    /** Does nothing: the line may quote a message. */
    @Override
    public void logInfo(String message) {}

    @Override
    public void logWarning(String message) {
        warnings.add(null);
    }

    @Override
    public void logError(String message) {
        errors.add(null);
    }

    @Override
    public void logError(String message, Exception problem) {
        logException(problem);
    }

    @Override
    public void logFatalError(String message) {
        errors.add(null);
    }

    @Override
    public void logException(Throwable problem) {
        if (!(problem instanceof IOException) && !(problem instanceof InterruptedException)) {
            errors.add(problem);
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

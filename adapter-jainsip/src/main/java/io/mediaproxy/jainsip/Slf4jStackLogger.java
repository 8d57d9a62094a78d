package io.mediaproxy.jainsip;

import gov.nist.core.LogLevels;
import gov.nist.core.StackLogger;
import io.mediaproxy.protocol.log.CountedLine;
import io.mediaproxy.protocol.log.Log;
import java.io.IOException;
import java.util.Properties;
import java.util.function.LongSupplier;
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
 * <p>The stack quotes whole messages in its lines, with the keys in their SDP, and anyone can send it such messages. So
 * none of its text is written. Errors and warnings become one line in ten seconds at most for each of the two levels,
 * with the place in the stack that reported this one, and the number of the others:
 *
 * <pre>
 *   JAIN-SIP reports an error at gov.nist.javax.sip.stack.UDPMessageChannel.run (17 more since the last such line)
 * </pre>
 *
 * <p>Lower levels are not written at all, and neither are two kinds of errors: an {@link IOException}, which the stack
 * also throws to the sender of the message, and the interrupts by which the stack stops its own threads.
 *
 * <p>Thread-safe.
 */
public final class Slf4jStackLogger implements StackLogger {
    private static final String NAME = "javax.sip";
    private static final Log LOG = Log.of(NAME);

    private static final String OWN = Slf4jStackLogger.class.getName();
    private static final String WRAPPER = "gov.nist.core.CommonLogger";

    private final CountedLine errors;
    private final CountedLine warnings;

    /** Called by the stack. */
    public Slf4jStackLogger() {
        this(System::nanoTime);
    }

    Slf4jStackLogger(LongSupplier nanoTime) {
        errors = LOG.counted(Level.ERROR, nanoTime);
        warnings = LOG.counted(Level.WARN, nanoTime);
    }

    private void error(@Nullable Throwable problem) {
        errors.log("JAIN-SIP reports an error at {}", new Place(problem));
    }

    /** The place that reported, found only for a line that is written. */
    private record Place(@Nullable Throwable problem) {
        @Override
        public String toString() {
            return problem == null ? caller() : problem.getClass().getName() + " at " + caller();
        }

        /** The method that reported: the first one outside loggers, and of the stack itself. */
        private static String caller() {
            return StackWalker.getInstance()
                    .walk(frames -> frames.filter(frame -> !isLogger(frame.getClassName()))
                            .findFirst()
                            .map(frame -> frame.getClassName() + '.' + frame.getMethodName())
                            .orElse("an unknown place"));
        }
    }

    private static boolean isLogger(String name) {
        return name.equals(OWN)
                || name.startsWith(OWN + '$')
                || name.equals(WRAPPER)
                || name.startsWith(Log.class.getPackageName() + '.');
    }

    /** Whether errors are written, since the stack asks this before it builds a line about an error. */
    @Override
    public boolean isLoggingEnabled() {
        return LOG.isEnabled(Level.ERROR);
    }

    @Override
    public boolean isLoggingEnabled(int level) {
        return switch (level) {
            case LogLevels.TRACE_WARN -> LOG.isEnabled(Level.WARN);
            case LogLevels.TRACE_ERROR, LogLevels.TRACE_FATAL -> LOG.isEnabled(Level.ERROR);
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
        warnings.log("JAIN-SIP warns at {}", new Place(null));
    }

    @Override
    public void logError(String message) {
        error(null);
    }

    @Override
    public void logError(String message, Exception problem) {
        logException(problem);
    }

    @Override
    public void logFatalError(String message) {
        error(null);
    }

    @Override
    public void logException(Throwable problem) {
        if (!(problem instanceof IOException) && !(problem instanceof InterruptedException)) {
            error(problem);
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
        return NAME;
    }
}

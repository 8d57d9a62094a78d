package io.mediaproxy.jainsip;

import static org.assertj.core.api.Assertions.assertThat;

import gov.nist.core.LogLevels;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.helpers.MessageFormatter;

class Slf4jStackLoggerTest {
    private static final String RAW = "INVITE sip:b SIP/2.0\r\n\r\na=crypto:1 a=ice-pwd:x \u001b";

    private final List<String> lines = new ArrayList<>();
    private final AtomicLong clock = new AtomicLong();
    private final Slf4jStackLogger logger = new Slf4jStackLogger(recorded(), clock::get);

    private Logger recorded() {
        return (Logger) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Logger.class}, (log, call, arguments) -> {
                    lines.add(call.getName()
                            + ' '
                            + MessageFormatter.arrayFormat(
                                            (String) arguments[0], new Object[] {arguments[1], arguments[2]})
                                    .getMessage());
                    return null;
                });
    }

    @Test
    void shouldWriteNoTextOfTheStackAndFewLines() {
        for (int i = 0; i < 1000; i++) {
            logger.logError(RAW);
            logger.logError(RAW, new ParseException(RAW, 0));
            logger.logFatalError(RAW);
            logger.logException(new IllegalStateException(RAW));
            logger.logWarning(RAW);
            logger.logInfo(RAW);
            logger.logDebug(RAW);
            logger.logDebug(RAW, new ParseException(RAW, 0));
            logger.logTrace(RAW);
            logger.logStackTrace();
            logger.logStackTrace(LogLevels.TRACE_ERROR);
        }
        String place = getClass().getName() + ".shouldWriteNoTextOfTheStackAndFewLines";
        assertThat(lines)
                .containsExactly(
                        "error JAIN-SIP reports an error at " + place + " (1 since the last line)",
                        "warn JAIN-SIP warns at " + place + " (1 since the last line)");
        clock.addAndGet(Duration.ofSeconds(10).toNanos());
        logger.logException(new IllegalStateException(RAW));
        assertThat(lines.get(2))
                .isEqualTo("error JAIN-SIP reports an error at java.lang.IllegalStateException at " + place
                        + " (4000 since the last line)");
    }

    @Test
    void shouldNotWriteAboutErrorsThatTheCallerGetsAndInterrupts() {
        logger.logException(new IOException(RAW));
        logger.logError(RAW, new IOException(RAW));
        logger.logError(RAW, new InterruptedException(RAW));

        assertThat(lines).isEmpty();
    }

    @Test
    void shouldNotHaveTheStackBuildLinesThatAreNotWritten() {
        for (int level : new int[] {LogLevels.TRACE_TRACE, LogLevels.TRACE_DEBUG, LogLevels.TRACE_INFO}) {
            assertThat(logger.isLoggingEnabled(level)).isFalse();
        }
    }
}

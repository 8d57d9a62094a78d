package io.mediaproxy.jainsip;

import static org.assertj.core.api.Assertions.assertThat;

import gov.nist.core.LogLevels;
import io.mediaproxy.testing.LogCapture;
import java.io.IOException;
import java.text.ParseException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class Slf4jStackLoggerTest {
    private static final String RAW = "INVITE sip:b SIP/2.0\r\n\r\na=crypto:1 a=ice-pwd:x \u001b";

    private final LogCapture logged = LogCapture.of("javax.sip");
    private final AtomicLong clock = new AtomicLong();
    private final Slf4jStackLogger logger = new Slf4jStackLogger(clock::get);

    @AfterEach
    void stop() {
        logged.close();
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
        assertThat(logged.lines())
                .satisfiesExactly(
                        line -> assertThat(line).endsWith("JAIN-SIP reports an error at " + place),
                        line -> assertThat(line).endsWith("JAIN-SIP warns at " + place));
        clock.addAndGet(Duration.ofSeconds(10).toNanos());
        logger.logException(new IllegalStateException(RAW));
        assertThat(logged.lines().get(2))
                .endsWith("JAIN-SIP reports an error at java.lang.IllegalStateException at " + place
                        + " (3999 more since the last such line)");
        assertThat(logged.traces()).isEmpty();
    }

    @Test
    void shouldNotWriteAboutErrorsThatTheCallerGetsAndInterrupts() {
        logger.logException(new IOException(RAW));
        logger.logError(RAW, new IOException(RAW));
        logger.logError(RAW, new InterruptedException(RAW));

        assertThat(logged.lines()).isEmpty();
    }

    @Test
    void shouldNotHaveTheStackBuildLinesThatAreNotWritten() {
        for (int level : new int[] {LogLevels.TRACE_TRACE, LogLevels.TRACE_DEBUG, LogLevels.TRACE_INFO}) {
            assertThat(logger.isLoggingEnabled(level)).isFalse();
        }
    }
}

package io.mediaproxy.jainsip;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.testing.LogCapture;
import java.text.ParseException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class Slf4jStackLoggerTest {
    private static final String MESSAGE = "INVITE sip:bob@\u001b[2Jexample.org SIP/2.0\r\nCall-ID: c\r\n\r\n"
            + "v=0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:secret\r\na=ice-pwd:secret\r\n";

    private final LogCapture logged = LogCapture.of("javax.sip");
    private final Slf4jStackLogger logger = new Slf4jStackLogger();

    @AfterEach
    void stop() {
        logged.close();
    }

    @Test
    void shouldLogNoBodyAtAnyLevel() {
        logger.logTrace(MESSAGE);
        logger.logDebug(MESSAGE);
        logger.logDebug(MESSAGE, new ParseException(MESSAGE, 0));
        logger.logInfo(MESSAGE);
        logger.logWarning(MESSAGE);
        logger.logError(MESSAGE);
        logger.logError(MESSAGE, new ParseException(MESSAGE, 0));
        logger.logFatalError(MESSAGE);
        logger.logException(new ParseException(MESSAGE, 0));

        assertThat(logged.lines())
                .hasSizeGreaterThan(5)
                .allSatisfy(line -> assertThat(line)
                        .contains("INVITE sip:bob@\\x1b[2Jexample.org SIP/2.0...")
                        .doesNotContain("secret", "Call-ID", "\n"));
        assertThat(logged.traces()).isEmpty();
    }

    @Test
    void shouldLogOneErrorOfManyInTenSeconds() {
        for (int i = 0; i < 1_000; i++) {
            logger.logError(MESSAGE);
            logger.logException(new IllegalStateException("it failed"));
        }

        assertThat(logged.lines()).filteredOn(line -> line.startsWith("SEVERE")).hasSizeLessThanOrEqualTo(2);
    }
}

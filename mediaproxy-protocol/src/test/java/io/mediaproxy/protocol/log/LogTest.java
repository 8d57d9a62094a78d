package io.mediaproxy.protocol.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.testing.LogCapture;
import io.mediaproxy.testing.ManualClock;
import java.nio.CharBuffer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class LogTest {
    private static final String HOSTILE = "a\u001b[31m\u2028b\u0085c\u0007\r\nd";
    private static final String SHOWN = "a\\x1b[31m\\xe2\\x80\\xa8b\\xc2\\x85c\\x07\\r\\nd";

    private final LogCapture logged = LogCapture.of("io.mediaproxy.protocol.log");
    private final Log log = Log.of(LogTest.class);
    private final ManualClock clock = new ManualClock();

    @AfterEach
    void stop() {
        logged.close();
    }

    @Test
    void shouldShowEveryArgumentAsPrintableAscii() {
        log.warn("{} {} {} {}", HOSTILE, CharBuffer.wrap(HOSTILE), 5, true);

        assertThat(logged.lines()).containsExactly("WARNING " + SHOWN + " " + SHOWN + " 5 true");
    }

    @Test
    void shouldQuoteWhatIsNotAWord() {
        assertThat(Excerpt.name("a84b4c76e66710@pc33")).isEqualTo("a84b4c76e66710@pc33");
        assertThat(Excerpt.name("c1 was removed")).isEqualTo("\"c1 was removed\"");
        assertThat(Excerpt.name("\"")).isEqualTo("\"\\\"\"");
        assertThat(Excerpt.name("\u2028")).isEqualTo("\"\\xe2\\x80\\xa8\"");
        assertThat(Excerpt.name("")).isEqualTo("\"\"");
        assertThat(Excerpt.name("x".repeat(65))).isEqualTo('"' + "x".repeat(64) + "\"...");
    }

    @Test
    void shouldCutLongArguments() {
        log.info("{}", "x".repeat(5_000));

        assertThat(logged.lines()).containsExactly("INFO " + "x".repeat(Log.MAX_CHARS) + "...");
    }

    @Test
    void shouldShowTheMessagesOfAnExceptionAndItsCauses() {
        RuntimeException failure = new IllegalStateException("plain", new IllegalArgumentException(HOSTILE));
        failure.addSuppressed(new IllegalArgumentException(HOSTILE));

        log.error("it failed", failure);

        assertThat(logged.lines()).singleElement().asString().isEqualTo("SEVERE it failed");
        assertThat(logged.traces()).singleElement().asString().contains(SHOWN, "shouldShowTheMessages");
        assertThat(logged.traces().get(0).replaceAll("[\r\n\t]", "")).matches("[ -~]*");
    }

    @Test
    void shouldLogAnExceptionWithPlainMessageItself() {
        log.error("it failed", new IllegalStateException("plain"));

        assertThat(logged.traces().get(0)).startsWith("java.lang.IllegalStateException: plain");
    }

    @Test
    void shouldCountInsteadOfRepeatingALine() {
        CountedLine line = log.counted(Level.WARN, clock);
        for (int i = 0; i < 100; i++) {
            line.log("event {}", i);
        }
        clock.advance(Duration.ofSeconds(9));
        line.log("event {}", 100);
        clock.advance(Duration.ofSeconds(1));
        line.log("event {}", 101);
        clock.advance(Duration.ofSeconds(10));
        line.log("event {}", 102);

        assertThat(logged.lines())
                .containsExactly(
                        "WARNING event 0",
                        "WARNING event 101 (100 more since the last such line)",
                        "WARNING event 102");
    }
}

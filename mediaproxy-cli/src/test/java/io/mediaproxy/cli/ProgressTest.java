package io.mediaproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final long TOTAL = 10L * 1024 * 1024;

    private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();
    private final AtomicLong nanos = new AtomicLong();
    private final Progress progress =
            new Progress(new PrintStream(terminal, true, StandardCharsets.US_ASCII), TOTAL, nanos::get);

    @Test
    void shouldBeSilentAboutWhatIsOverSoon() {
        progress.read(TOTAL / 2);
        nanos.set(TimeUnit.MILLISECONDS.toNanos(999));
        progress.read(TOTAL);
        progress.clear();

        assertThat(terminal.toString(StandardCharsets.US_ASCII)).isEmpty();
    }

    @Test
    void shouldDrawABarAndWipeItAway() {
        nanos.set(TimeUnit.SECONDS.toNanos(1));
        progress.read(TOTAL / 4);
        progress.read(TOTAL / 2); // too soon for another one

        String bar = "[##########..............................] 25 % of 10 MiB";
        assertThat(terminal.toString(StandardCharsets.US_ASCII)).isEqualTo("\r" + bar);
        terminal.reset();
        progress.clear();
        assertThat(terminal.toString(StandardCharsets.US_ASCII)).isEqualTo("\r" + " ".repeat(bar.length()) + "\r");
    }

    @Test
    void shouldNotGoBeyondItsEndWhereAFileGrows() {
        nanos.set(TimeUnit.SECONDS.toNanos(1));
        progress.read(3 * TOTAL);

        assertThat(terminal.toString(StandardCharsets.US_ASCII)).endsWith("#] 100 % of 10 MiB");
    }
}

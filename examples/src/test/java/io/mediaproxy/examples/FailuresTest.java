package io.mediaproxy.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mediaproxy.protocol.log.Log;
import java.text.ParseException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FailuresTest {
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1000);
    private final RecordedLog log = new RecordedLog();
    private final AtomicInteger errors = new AtomicInteger();
    private final Failures failures = new Failures(
            Log.of(log),
            new ProxyEvents() {
                @Override
                public void error() {
                    errors.incrementAndGet();
                }
            },
            clock::get);

    @Test
    void shouldLogTheFirstFailureAndThenOneLineInTenSeconds() {
        for (int i = 0; i < 1000; i++) {
            failures.add("it failed", new IllegalStateException("INVITE sip:\u001b"));
        }
        assertThat(log.lines())
                .singleElement()
                .asString()
                .startsWith("WARN it failed: java.lang.IllegalStateException at io.mediaproxy.examples.FailuresTest.");
        clock.addAndGet(Duration.ofSeconds(10).toNanos());
        failures.add("it failed", new ParseException("INVITE", 0));

        assertThat(log.lines()).hasSize(2);
        assertThat(log.lines().get(1)).endsWith(" (999 more since the last such line)");
        assertThat(String.join("", log.lines())).doesNotContain("INVITE");
        assertThat(errors).hasValue(1001);
        assertThat(failures.broken()).isNotDone();
    }

    @Test
    void shouldBeBrokenIfAFailureCannotBeNoted() {
        Failures unnoted = new Failures(
                Log.of(log),
                new ProxyEvents() {
                    @Override
                    public void error() {
                        throw new OutOfMemoryError("for the test");
                    }
                },
                clock::get);
        unnoted.add("it failed", new IllegalStateException());

        assertThatThrownBy(() -> unnoted.broken().get()).hasCauseInstanceOf(OutOfMemoryError.class);
    }
}

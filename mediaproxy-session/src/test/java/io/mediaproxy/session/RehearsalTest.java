package io.mediaproxy.session;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mediaproxy.testing.LogCapture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;

class RehearsalTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final int MESSAGES = 32; // of four calls

    private final List<MediaProxyResult> results = new ArrayList<>();

    /** Ends a rehearsal after some messages. */
    private static final class Enough extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private Consumer<byte[]> recorded(MediaProxy mediaProxy) {
        mediaProxy.engagedCalls().onResult((message, result) -> results.add(result));
        Consumer<byte[]> server = Rehearsal.withoutStack(mediaProxy);
        return datagram -> {
            if (results.size() == MESSAGES) {
                throw new Enough();
            }
            server.accept(datagram);
        };
    }

    @Test
    void shouldRelayEachOfferAndAnswer() {
        assertThatThrownBy(() -> MediaProxy.warmUp(LONG, this::recorded)).isInstanceOf(Enough.class);

        List<String> bodies = results.stream()
                .flatMap(result -> result.body().stream())
                .map(body -> new String(body, US_ASCII))
                .toList();
        assertThat(bodies)
                .hasSize(MESSAGES / 2)
                .allSatisfy(sdp -> assertThat(sdp).contains("c=IN IP4 192.0.2.1\r\n", "m=audio 40000 "));
        assertThat(bodies.get(MESSAGES / 2 - 1)).contains("m=video 40002 ", "a=rtcp:40001\r\n", "a=recvonly\r\n");
        assertThat(results).extracting(MediaProxyResult::outcome).doesNotContain(Outcome.FAILED, Outcome.NOT_ENGAGED);
        assertThat(results.get(MESSAGES - 1).outcome()).isEqualTo(Outcome.REMOVED);
    }

    @Test
    void shouldReturnAtOnceWithoutTime() {
        MediaProxy.warmUp(Duration.ZERO, this::recorded);
        assertThat(results).isEmpty();
    }

    @Test
    void shouldEndByItself() {
        AtomicInteger messages = new AtomicInteger();
        MediaProxy.warmUp(LONG, mediaProxy -> datagram -> messages.incrementAndGet());
        assertThat(messages).hasValue(Rehearsal.CALLS * MESSAGES / 4);
    }

    @Test
    void shouldLogNothing() {
        try (LogCapture log = LogCapture.of("io.mediaproxy")) {
            assertThatThrownBy(() -> MediaProxy.warmUp(LONG, this::recorded)).isInstanceOf(Enough.class);
            assertThat(log.lines(Level.INFO)).isEmpty();
        }
    }

    @Test
    void shouldLeaveAnotherMediaProxyAsItIs() {
        try (MediaProxy mediaProxy = MediaProxy.builder().build()) {
            mediaProxy.engagedCalls().onResult((message, result) -> results.add(result));
            Counters before = mediaProxy.counters();

            MediaProxy.warmUp(Duration.ofMillis(50));

            assertThat(results).isEmpty();
            assertThat(mediaProxy.counters()).isEqualTo(before);
            assertThat(mediaProxy.engagedCalls().size()).isZero();
            assertThat(mediaProxy.pendingRemovals()).isZero();
        }
    }
}

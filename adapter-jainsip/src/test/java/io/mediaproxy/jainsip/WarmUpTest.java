package io.mediaproxy.jainsip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mediaproxy.session.MediaProxy;
import io.mediaproxy.session.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class WarmUpTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final int MESSAGES = 32; // of four calls

    private final List<Outcome> outcomes = new ArrayList<>();

    /** Ends a rehearsal after some messages. */
    private static final class Enough extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private Consumer<byte[]> recorded(MediaProxy mediaProxy) {
        mediaProxy.engagedCalls().onResult((message, result) -> outcomes.add(result.outcome()));
        Consumer<byte[]> server = new RehearsedServer(mediaProxy);
        return datagram -> {
            if (outcomes.size() == MESSAGES) {
                throw new Enough();
            }
            server.accept(datagram);
        };
    }

    @Test
    void shouldRelayEachOfferAndAnswerWithTheMessagesOfTheStack() {
        assertThatThrownBy(() -> MediaProxy.warmUp(LONG, this::recorded)).isInstanceOf(Enough.class);

        assertThat(outcomes).doesNotContain(Outcome.FAILED, Outcome.NOT_ENGAGED);
        assertThat(outcomes).filteredOn(Outcome.REWRITTEN::equals).hasSize(MESSAGES / 2);
        assertThat(outcomes).filteredOn(Outcome.REMOVED::equals).hasSize(MESSAGES / 8);
    }
}

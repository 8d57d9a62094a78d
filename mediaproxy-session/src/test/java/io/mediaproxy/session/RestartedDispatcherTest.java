package io.mediaproxy.session;

import static io.mediaproxy.session.Call.AUDIO;
import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.embedded.EmbeddedRelay;
import io.mediaproxy.testing.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A dispatcher that restarts has lost its sessions, while its relays keep them. */
@SuppressWarnings("NullAway") // JUnit sets the directory, and then calls start()
class RestartedDispatcherTest {
    private final ManualClock clock = new ManualClock();
    private final EmbeddedRelay relay = EmbeddedRelay.builder()
            .bindAddress("127.0.0.2")
            .clock(clock::nanoTime)
            .start();
    private final EmbeddedRelay other = EmbeddedRelay.builder()
            .bindAddress("127.0.0.3")
            .clock(clock::nanoTime)
            .start();
    private final Call call = new Call("c1");

    private final Path directory;

    private EmbeddedDispatcher dispatcher;
    private MediaProxy mediaProxy;

    RestartedDispatcherTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @BeforeEach
    void start() {
        dispatcher = start(relay);
        mediaProxy = MediaProxy.builder()
                .dispatcherSocket(directory.resolve("d.sock"))
                .dispatcher(config ->
                        config.clock(clock).timeout(Duration.ofSeconds(60)).retryInterval(Duration.ZERO))
                .build();
        mediaProxy.engageMediaProxy(call.invite(AUDIO));
        mediaProxy.engagedCalls().follow(call.response(200, AUDIO));
        assertThat(relay.sessions()).hasSize(1);
    }

    private EmbeddedDispatcher start(EmbeddedRelay... relays) {
        return EmbeddedDispatcher.builder()
                .socket(directory.resolve("d.sock"))
                .relays(relays)
                .clock(clock::nanoTime)
                .start();
    }

    @AfterEach
    void close() {
        mediaProxy.close();
        dispatcher.close();
        relay.close();
        other.close();
    }

    @Test
    void shouldLeaveNoSessionOfACallThatEndsAfterTheRestart() {
        dispatcher.close();
        dispatcher = start(other, relay);

        assertThat(mediaProxy.engagedCalls().follow(call.bye()).outcome()).isEqualTo(Outcome.UNKNOWN_SESSION);
        assertThat(relay.sessions()).hasSize(1);
        pass(2);
        pass(10);

        assertThat(relay.sessions()).isEmpty();
        assertThat(other.sessions()).isEmpty();
        assertThat(mediaProxy.pendingRemovals()).isZero();
    }

    @Test
    void shouldLeaveNoSessionOfACallThatEndsWhileTheDispatcherIsAway() {
        dispatcher.close();
        assertThat(mediaProxy.engagedCalls().follow(call.bye()).outcome()).isEqualTo(Outcome.REMOVAL_QUEUED);
        dispatcher = start(relay, other);

        pass(1);
        pass(2);
        pass(10);

        assertThat(relay.sessions()).isEmpty();
        assertThat(mediaProxy.pendingRemovals()).isZero();
    }

    @Test
    void shouldWaitForTheCallsRelayAndLeaveNothingAtAnotherOne() {
        dispatcher.close();
        dispatcher = start(other);
        mediaProxy.engagedCalls().follow(call.bye());
        pass(2);
        pass(10);
        assertThat(other.sessions()).isEmpty();
        assertThat(mediaProxy.pendingRemovals()).isEqualTo(1);
        dispatcher.close();
        dispatcher = start(other, relay);

        pass(30);

        assertThat(relay.sessions()).isEmpty();
        assertThat(other.sessions()).isEmpty();
        assertThat(mediaProxy.pendingRemovals()).isZero();
    }

    private void pass(int seconds) {
        clock.advance(Duration.ofSeconds(seconds));
        PassingTime.of(mediaProxy);
    }
}

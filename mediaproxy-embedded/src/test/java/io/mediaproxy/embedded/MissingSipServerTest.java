package io.mediaproxy.embedded;

import static io.mediaproxy.embedded.SipServerSocket.endDialog;
import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.embedded.report.SessionStatistics;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The SIP server does not listen when the dispatcher asks it to end a dialog. */
class MissingSipServerTest {
    private static final Duration STREAM_TIMEOUT = Duration.ofSeconds(90);
    private static final Duration ALMOST_BACK = Duration.ofMillis(999);
    private static final Duration LITTLE = Duration.ofMillis(1);

    private final Path path;
    private final CallFixture call;

    MissingSipServerTest(@TempDir Path directory) {
        path = directory.resolve("mi.sock");
        call = new CallFixture(path);
    }

    @AfterEach
    void close() {
        call.close();
    }

    private void letOneCallExpire() {
        call.run(Commands.offer("c"));
        call.run(Commands.answer("c"));
        call.pass(STREAM_TIMEOUT);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldReplyErrorForASecond(boolean stale) {
        if (stale) {
            new SipServerSocket(path).abandon();
        }
        letOneCallExpire();
        assertThat(call.ended).hasSize(1);

        assertThat(call.run(Commands.offer("new"))).isEqualTo("error\r\n");
        assertThat(call.run(Commands.offer("c", 2, "tt", Commands.AUDIO_OF_CALLER)))
                .isEqualTo("error\r\n");
        assertThat(call.run(Commands.remove("c"))).isEqualTo("error\r\n");
        call.pass(ALMOST_BACK);
        assertThat(call.run(Commands.offer("new"))).isEqualTo("error\r\n");
        call.pass(LITTLE);

        assertThat(call.run(Commands.offer("new"))).startsWith("127.0.0.1 ");
        assertThat(call.run(Commands.remove("c"))).isEqualTo("error\r\n");
        assertThat(call.ended).hasSize(1);
        assertThat(call.dispatcher.unansweredDatagrams()).isZero();
    }

    @Test
    void shouldEndTheDialogWhenRelayAndSipServerAreBack() {
        letOneCallExpire();
        try (SipServerSocket sipServer = new SipServerSocket(path)) {
            call.pass(ALMOST_BACK);
            assertThat(sipServer.received()).isEmpty();
            call.pass(LITTLE);

            assertThat(sipServer.receivedWithoutIds()).containsExactly(endDialog("1:2"));
            assertThat(call.run(Commands.remove("c"))).isEqualTo("error\r\n");
            assertThat(call.run(Commands.offer("c"))).startsWith("127.0.0.1 ");
        }
    }

    @Test
    void shouldKeepTheSessionsOfADroppedRelay() {
        String onHold = Commands.offer("live", 1, "", "audio:10.1.1.1:4000:sendonly:ice=no");
        String ports = call.run(onHold);
        letOneCallExpire();

        assertThat(call.run(onHold)).isEqualTo("error\r\n");
        assertThat(call.dispatcher.sessions())
                .extracting(SessionStatistics::callId)
                .containsExactly("live");
        call.pass(Duration.ofSeconds(1));
        assertThat(call.run(onHold)).isEqualTo(ports);
        assertThat(call.run(Commands.remove("live"))).isEqualTo("removed\r\n");
    }

    @Test
    void shouldMissTheEndOfSessionsOfADroppedRelay() {
        call.run(Commands.offer("first"));
        call.run(Commands.answer("first"));
        call.run(Commands.offer("second"));
        call.run(Commands.answer("second"));
        call.pass(STREAM_TIMEOUT);

        assertThat(call.ended).extracting(SessionStatistics::callId).containsExactly("first");
        try (SipServerSocket sipServer = new SipServerSocket(path)) {
            call.pass(Duration.ofSeconds(1));
            assertThat(sipServer.receivedWithoutIds()).containsExactly(endDialog("1:2"), endDialog("1:2"));
        }
        assertThat(call.ended).hasSize(1);
    }

    @Test
    void shouldDropOnlyTheRelayOfTheCall() {
        try (EmbeddedRelay other = EmbeddedRelay.builder()
                .bindAddress("127.9.9.8")
                .clock(call.clock)
                .start()) {
            letOneCallExpire();
            call.dispatcher.connect(other);

            assertThat(call.run(Commands.offer("new"))).startsWith("127.9.9.8 ");
        }
    }

    @Test
    void shouldNotReconnectARelayThatClosed() {
        letOneCallExpire();
        call.relay.close();
        call.pass(Duration.ofSeconds(1));

        assertThat(call.dispatcher.sessions()).isEmpty();
        assertThat(call.run(Commands.offer("new"))).isEqualTo("error\r\n");
    }

    @Test
    void shouldUseTheReplacementOfADroppedRelayAtOnce() {
        letOneCallExpire();
        try (EmbeddedRelay next = EmbeddedRelay.builder().clock(call.clock).start()) {
            call.dispatcher.connect(next);
            assertThat(call.run(Commands.offer("new"))).startsWith("127.0.0.1 ");
            call.pass(Duration.ofSeconds(1));
            assertThat(next.sessions()).hasSize(1);
            assertThat(call.run(Commands.remove("new"))).isEqualTo("removed\r\n");
        }
    }

    @Test
    void shouldIgnoreAMissingListenerForCallsWithoutDialogId() {
        call.run(Commands.offer("ringing"));
        call.run(Commands.offer("nameless").replace("dialog_id: 1:2\r\n", ""));
        call.run(Commands.answer("nameless"));
        call.pass(STREAM_TIMEOUT);

        assertThat(call.ended).hasSize(2);
        assertThat(call.run(Commands.offer("new"))).startsWith("127.0.0.1 ");
    }
}

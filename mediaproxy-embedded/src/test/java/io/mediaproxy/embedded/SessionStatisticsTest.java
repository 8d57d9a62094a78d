package io.mediaproxy.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.embedded.report.DispatcherCounters;
import io.mediaproxy.embedded.report.SessionStatistics;
import io.mediaproxy.embedded.report.StreamStatistics;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionStatisticsTest {
    private final CallFixture call = new CallFixture();

    @AfterEach
    void close() {
        call.close();
    }

    @Test
    void shouldDescribeAnUnansweredSessionWithoutStreams() {
        call.run(Commands.offer("c"));

        SessionStatistics session = call.onlySession();
        assertThat(session.callId()).isEqualTo("c");
        assertThat(session.fromTag()).isEqualTo("ft");
        assertThat(session.toTag()).isNull();
        assertThat(session.fromUri()).isEqualTo("alice@a");
        assertThat(session.toUri()).isEqualTo("bob@b");
        assertThat(session.startTime()).isNull();
        assertThat(session.duration()).isZero();
        assertThat(session.callerUserAgent()).isEqualTo("caller");
        assertThat(session.calleeUserAgent()).isEqualTo("Unknown");
        assertThat(session.username()).isNull();
        assertThat(session.streams()).isEmpty();
    }

    @Test
    void shouldCountFromTheAnswer() {
        call.run(Commands.offer("c"));
        call.clock.advance(Duration.ofSeconds(8));
        call.run(Commands.answer("c"));
        call.clock.advance(Duration.ofMillis(5_900));

        SessionStatistics session = call.onlySession();
        assertThat(session.startTime()).isNotNull();
        assertThat(session.duration()).isEqualTo(Duration.ofSeconds(5));
        assertThat(session.toTag()).isEqualTo("tt");
        assertThat(session.calleeUserAgent()).isEqualTo("callee");
        StreamStatistics stream = session.streams().get(0);
        assertThat(stream.mediaType()).isEqualTo("audio");
        assertThat(stream.status()).isEqualTo("active");
        assertThat(stream.start()).isZero();
        assertThat(stream.end()).isEqualTo(Duration.ofSeconds(5));
        assertThat(stream.postDialDelay()).isNull();
        assertThat(stream.caller().packets()).isZero();
        assertThat(stream.caller().remote()).isEqualTo("Unknown");
    }

    @Test
    void shouldTakeTheUserNameFromSignalingInJson() {
        call.run(Commands.offer("c")
                .replace(
                        "signaling_ip: 127.0.0.1",
                        "signaling_ip: {\"signaling_ip\": \"1.2.3.4\", \"username\": \"bob\"}"));

        assertThat(call.onlySession().username()).isEqualTo("bob");
    }

    @Test
    void shouldKeepClosedAndRejectedStreamsInTheList() {
        call.run(Commands.offer("c", 1, "", "audio:10.1.1.1:4000:sendrecv,video:10.1.1.1:4002:sendrecv"));
        call.run(Commands.answer("c", 1, "audio:10.1.1.2:5000:sendrecv,video:10.1.1.2:0:sendrecv"));
        call.clock.advance(Duration.ofSeconds(10));
        call.run(Commands.offer("c", 2, "tt", "audio:10.1.1.1:4444:sendrecv"));
        call.run(Commands.answer("c", 2, "audio:10.1.1.2:5000:sendonly"));
        call.clock.advance(Duration.ofSeconds(10));

        List<StreamStatistics> streams = call.onlySession().streams();
        assertThat(streams).extracting(StreamStatistics::mediaType).containsExactly("audio", "video", "audio");
        assertThat(streams).extracting(StreamStatistics::status).containsExactly("closed", "rejected", "on hold");
        assertThat(streams)
                .extracting(StreamStatistics::start)
                .containsExactly(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(10));
        assertThat(streams)
                .extracting(StreamStatistics::end)
                .containsExactly(Duration.ofSeconds(10), Duration.ZERO, Duration.ofSeconds(20));
    }

    @Test
    void shouldReportARemovedSession() {
        call.run(Commands.offer("c"));
        call.run(Commands.answer("c"));
        call.clock.advance(Duration.ofSeconds(7));
        call.run(Commands.remove("c"));

        assertThat(call.dispatcher.sessions()).isEmpty();
        assertThat(call.ended).singleElement().satisfies(session -> {
            assertThat(session.callId()).isEqualTo("c");
            assertThat(session.dialogId()).isEqualTo("1:2");
            assertThat(session.timedOut()).isFalse();
            assertThat(session.duration()).isEqualTo(Duration.ofSeconds(7));
            assertThat(session.streams()).extracting(StreamStatistics::status).containsExactly("closed");
        });
    }

    @Test
    void shouldReportTheSessionsOfAClosedRelay() {
        call.run(Commands.offer("c"));
        call.run(Commands.answer("c"));
        call.relay.close();
        call.dispatcher.settle();

        assertThat(call.ended)
                .singleElement()
                .satisfies(session -> assertThat(session.timedOut()).isTrue());
        assertThat(call.run(Commands.offer("d"))).isEqualTo("error\r\n");
        assertThat(call.run(Commands.remove("c"))).isEqualTo("removed\r\n");
    }

    @Test
    void shouldCountCommandsErrorsSessionsAndPorts() {
        call.run(Commands.offer("c"));
        call.run(Commands.offer("d", 1, "", "audio:1.1.1.1:2:sendrecv,video:1.1.1.1:4:sendrecv"));
        call.run(Commands.remove("nobody"));
        call.run("nonsense\r\n\r\n");

        try (ControlClient client = new ControlClient(call.dispatcher)) {
            client.received();
            assertThat(call.dispatcher.counters()).isEqualTo(new DispatcherCounters(4, 2, 1, 2, 12));
        }
    }

    @Test
    void shouldContinueAfterAnExceptionOfTheListener() {
        try (EmbeddedDispatcher dispatcher = EmbeddedDispatcher.builder()
                        .sessionListener(session -> {
                            throw new IllegalStateException("listener");
                        })
                        .start();
                ControlClient client = new ControlClient(dispatcher)) {
            client.send(Commands.offer("c")).received();
            assertThat(client.send(Commands.remove("c")).received()).isEqualTo("removed\r\n");
        }
    }
}

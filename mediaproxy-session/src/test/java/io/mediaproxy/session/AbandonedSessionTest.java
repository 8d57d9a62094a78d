package io.mediaproxy.session;

import static io.mediaproxy.session.Call.AUDIO;
import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.embedded.report.Fault;
import io.mediaproxy.embedded.report.SessionStatistics;
import io.mediaproxy.protocol.DispatcherTimeoutException;
import io.mediaproxy.protocol.DispatcherUnreachableException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Failures on the way to the relay leave no session there, and the clean-up never hits a live call. */
class AbandonedSessionTest {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Fault LATE = new Fault.Delay(SHORT.multipliedBy(3));

    private final Call call = new Call("c1");
    private final BlockingQueue<SessionStatistics> ended = new LinkedBlockingQueue<>();

    private final Path directory;

    AbandonedSessionTest(@TempDir Path directory) {
        this.directory = directory;
    }

    /** Loading the classes of the sockets takes longer than the timeout. */
    @BeforeAll
    static void warmUp() {
        try (EmbeddedDispatcher dispatcher = EmbeddedDispatcher.start();
                MediaProxy mediaProxy = MediaProxy.builder()
                        .dispatcherSocket(dispatcher.socket())
                        .timeout(Duration.ofSeconds(20))
                        .build()) {
            assertThat(mediaProxy.useMediaProxy(new Call("c0").invite(AUDIO)).returnCode())
                    .isEqualTo(1);
        }
    }

    private EmbeddedDispatcher dispatcher() {
        return EmbeddedDispatcher.builder()
                .socket(directory.resolve("d.sock"))
                .sessionListener(ended::add)
                .start();
    }

    private MediaProxy mediaProxy() {
        return MediaProxy.builder()
                .dispatcherSocket(directory.resolve("d.sock"))
                .timeout(SHORT)
                .dispatcher(limits -> limits.retryInterval(Duration.ofMillis(50)))
                .build();
    }

    @Test
    void shouldRemoveTheSessionOfALateUpdate() throws InterruptedException {
        try (EmbeddedDispatcher dispatcher = dispatcher();
                MediaProxy mediaProxy = mediaProxy()) {
            dispatcher.inject(LATE);

            MediaProxyResult result = mediaProxy.useMediaProxy(call.invite(AUDIO));

            assertThat(result.failure()).containsInstanceOf(DispatcherTimeoutException.class);
            assertThat(result.body()).isEmpty();
            assertThat(nextEnded().callId()).isEqualTo("c1");
            assertThat(dispatcher.sessions()).isEmpty();
        }
    }

    @Test
    void shouldKeepTheSessionOfACallThatTriesAgainWhileALateOneIsRemoved() throws Exception {
        CompletableFuture<MediaProxyResult> again = new CompletableFuture<>();
        Logger logger = Logger.getLogger(Removals.class.getName());
        try (EmbeddedDispatcher dispatcher = dispatcher();
                MediaProxy mediaProxy = mediaProxy()) {
            Handler retry = new RemovalHandler(() -> {
                CompletableFuture<Void> unused = mediaProxy
                        .useMediaProxyAsync(call.invite(AUDIO), CallAttributes.NONE)
                        .thenAccept(again::complete);
            });
            logger.addHandler(retry);
            dispatcher.inject(LATE);

            mediaProxy.useMediaProxy(call.invite(AUDIO));

            try {
                assertThat(again.get(20, TimeUnit.SECONDS).returnCode()).isEqualTo(1);
            } finally {
                logger.removeHandler(retry);
            }
            assertThat(mediaProxy.useMediaProxy(call.response(200, AUDIO)).returnCode())
                    .isEqualTo(1);
            assertThat(nextEnded().callId()).isEqualTo("c1");
            assertThat(ended).isEmpty();
            assertThat(dispatcher.sessions()).hasSize(1);
        }
    }

    /** Does something when the removal of a late session is logged: as close to the decision as a test can come. */
    private static final class RemovalHandler extends Handler {
        private final Runnable action;

        RemovalHandler(Runnable action) {
            this.action = action;
        }

        @Override
        public void publish(LogRecord logged) {
            if (logged.getMessage().startsWith("removing the session")) {
                action.run();
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @Test
    void shouldKeepTheSessionOfALiveCallWhoseReInviteSucceedsLate() throws InterruptedException {
        try (EmbeddedDispatcher dispatcher = dispatcher();
                MediaProxy mediaProxy = mediaProxy()) {
            while (mediaProxy.useMediaProxy(call.invite(AUDIO)).returnCode() != 1) {
                // A busy machine is slower than the timeout.
            }
            dispatcher.inject(LATE);

            MediaProxyResult reInvite = mediaProxy.useMediaProxy(call.invite(AUDIO));

            assertThat(reInvite.failure()).containsInstanceOf(DispatcherTimeoutException.class);
            // Commands of one call go out in order: when this one is answered, the late reply has been seen.
            MediaProxyResult end = endWhenAnswered(mediaProxy);
            assertThat(end.outcome()).isEqualTo(Outcome.REMOVED);
            assertThat(nextEnded().callId()).isEqualTo("c1");
            assertThat(ended).isEmpty();
        }
    }

    private MediaProxyResult endWhenAnswered(MediaProxy mediaProxy) {
        MediaProxyResult answer = mediaProxy.useMediaProxy(call.response(200, AUDIO));
        while (answer.returnCode() != 1) {
            assertThat(answer.failure()).containsInstanceOf(DispatcherTimeoutException.class);
            answer = mediaProxy.useMediaProxy(call.response(200, AUDIO));
        }
        return mediaProxy.endMediaSession(call.bye());
    }

    @Test
    void shouldDeliverAQueuedRemovalLater() throws InterruptedException {
        try (EmbeddedDispatcher dispatcher = dispatcher();
                MediaProxy mediaProxy = mediaProxy()) {
            assertThat(mediaProxy.useMediaProxy(call.invite(AUDIO)).returnCode())
                    .isEqualTo(1);
            dispatcher.inject(new Fault.CloseConnection(Fault.Moment.BEFORE_EXECUTING));

            MediaProxyResult result = mediaProxy.endMediaSession(call.bye());

            assertThat(result.outcome()).isEqualTo(Outcome.REMOVAL_QUEUED);
            assertThat(result.returnCode()).isEqualTo(-1);
            assertThat(result.failure()).containsInstanceOf(DispatcherUnreachableException.class);
            assertThat(nextEnded().callId()).isEqualTo("c1");
        }
    }

    @Test
    void shouldDropAQueuedRemovalWhenTheCallGetsASessionAgain() {
        try (MediaProxy mediaProxy = mediaProxy()) {
            assertThat(mediaProxy.endMediaSession(call.bye()).outcome()).isEqualTo(Outcome.REMOVAL_QUEUED);
            assertThat(mediaProxy.useMediaProxy(call.invite(AUDIO)).returnCode())
                    .isEqualTo(-1);
            assertThat(mediaProxy.pendingRemovals())
                    .as("an update that fails changes nothing")
                    .isEqualTo(1);

            try (EmbeddedDispatcher dispatcher = dispatcher()) {
                MediaProxyResult again = mediaProxy.useMediaProxy(call.invite(AUDIO));
                while (again.returnCode() != 1) { // until the client's retry interval is over
                    again = mediaProxy.useMediaProxy(call.invite(AUDIO));
                }

                assertThat(mediaProxy.pendingRemovals()).isZero();
                assertThat(dispatcher.sessions()).hasSize(1);
            }
        }
    }

    @Test
    void shouldMakeNoSessionForAResponseThatCrossesTheEndOfItsCall() {
        try (EmbeddedDispatcher dispatcher = dispatcher();
                MediaProxy mediaProxy = mediaProxy()) {
            assertThat(mediaProxy.useMediaProxy(call.invite(AUDIO)).returnCode())
                    .isEqualTo(1);
            assertThat(mediaProxy.endMediaSession(call.bye()).outcome()).isEqualTo(Outcome.REMOVED);
            long commands = dispatcher.counters().commands();

            assertThat(mediaProxy.useMediaProxy(call.response(200, AUDIO)).outcome())
                    .isEqualTo(Outcome.CALL_ENDED);
            assertThat(mediaProxy.useMediaProxy(call.response(200, "")).outcome())
                    .isEqualTo(Outcome.NO_SDP);

            assertThat(dispatcher.counters().commands()).isEqualTo(commands);
            assertThat(dispatcher.sessions()).isEmpty();
            assertThat(mediaProxy.useMediaProxy(call.invite(AUDIO)).returnCode())
                    .as("a request begins again")
                    .isEqualTo(1);
        }
    }

    private SessionStatistics nextEnded() throws InterruptedException {
        SessionStatistics statistics = ended.poll(20, TimeUnit.SECONDS);
        assertThat(statistics).as("a session that ended").isNotNull();
        return statistics;
    }
}

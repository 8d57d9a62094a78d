package io.mediaproxy.session;

import static io.mediaproxy.session.Call.AUDIO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.mediaproxy.protocol.DispatcherConfig;
import io.mediaproxy.sdp.IceCandidate;
import io.mediaproxy.testing.ScriptedDispatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Media timeouts on their way from the dispatcher to the application. */
class MediaTimeoutsTest {
    private final List<MediaTimeout> reported = new ArrayList<>();
    private final EngagedCalls engaged;
    private final PacedEnding ending;
    private final PendingRemovals pending;
    private final ScriptedDispatcher dispatcher = ScriptedDispatcher.answering();
    private final Dispatchers dispatchers;
    private final MediaProxyConfig config;
    private final CallSessions sessions;

    MediaTimeoutsTest() {
        dispatchers = Dispatchers.open(DispatcherConfig.builder(dispatcher.socket())
                .timeout(Duration.ofSeconds(20))
                .build());
        SessionLedger ledger = new SessionLedger();
        pending = new PendingRemovals(dispatchers, ledger, Duration.ofDays(1), System::nanoTime);
        Removals removals = new Removals(dispatchers, ledger, pending, new MessageOffers(), System::nanoTime);
        ending = new PacedEnding(pending, 1024);
        engaged = new EngagedCalls(new CallLimit(10, System::nanoTime), ending::end);
        config = new MediaProxyConfig(
                (message, attributes) -> message.sourceAddress(),
                "",
                IceCandidate.NONE,
                Duration.ofHours(12),
                Duration.ofMinutes(5),
                10,
                false);
        sessions = new CallSessions(
                config,
                new Updates(dispatchers, ledger, removals),
                removals,
                ending,
                new RelayOutage(System::nanoTime),
                new IceWarning(),
                System::nanoTime,
                true);
    }

    @AfterEach
    void close() {
        sessions.close();
        dispatchers.close();
        dispatcher.close();
    }

    @Test
    void shouldIgnoreAnUnknownDialogId() {
        assertThat(timeouts(reported::add).onMediaTimeout("1:2")).isEmpty();
    }

    @Test
    void shouldCallTheHandlerOnceAndEndTheSession() {
        CallSession session = sessions.open("c1", "alice", false);
        Runnable ending =
                timeouts(reported::add).onMediaTimeout(session.id().dialogId()).orElseThrow();

        ending.run();
        ending.run();

        assertThat(reported).singleElement().satisfies(timeout -> {
            assertThat(timeout.callId()).isEqualTo("c1");
            assertThat(timeout.fromTag()).isEqualTo("alice");
            assertThat(timeout.caller()).isEmpty();
        });
        assertThat(session.hasEnded()).isTrue();
        assertThat(timeouts(reported::add).onMediaTimeout(session.id().dialogId()))
                .isEmpty();
    }

    @Test
    void shouldReportThePartiesOfAnEngagedCall() {
        CallSession session = sessions.open("c1", "alice", true);
        Call call = new Call("c1");
        CallKey key = new CallKey("c1", "alice");
        Objects.requireNonNull(engaged.begin(
                        key,
                        RelayedMessage.of(call.invite(""), CallAttributes.NONE),
                        () -> new EngagedCall(key, session, CallAttributes.NONE, true)))
                .join();
        engaged.follow(call.response(200, ""));

        timeouts(reported::add)
                .onMediaTimeout(session.id().dialogId())
                .orElseThrow()
                .run();

        MediaTimeout timeout = reported.get(0);
        assertThat(timeout.caller().orElseThrow().address()).contains("tag=alice");
        assertThat(timeout.callee().orElseThrow().address()).contains("tag=bob");
        assertThat(engaged.size()).isZero();
        assertThat(engaged.follow(call.response(200, AUDIO)).outcome()).isEqualTo(Outcome.NOT_ENGAGED);
    }

    /** The relay has ended the session, so that {@code error} is what the dispatcher answers to the removal. */
    @Test
    void shouldNotRepeatTheRemovalOfASessionWhoseMediaStopped() {
        CallSession session = sessions.open("c1", "alice", false);
        dispatcher.answer("10.1.1.1 20000\r\n");
        session.offer(new Call("c1").invite(AUDIO), CallAttributes.NONE).join();
        session.answer(new Call("c1").response(200, AUDIO), CallAttributes.NONE).join();
        dispatcher.answer("error\r\n");

        timeouts(timeout -> session.end().join())
                .onMediaTimeout(session.id().dialogId())
                .orElseThrow()
                .run();

        assertThat(dispatcher.commands()).singleElement().asString().startsWith("remove");
        assertThat(pending.size()).isZero();
    }

    @Test
    void shouldEndTheSessionEvenWhenTheHandlerFails() {
        CallSession session = sessions.open("c1", "alice", false);
        Runnable ending = timeouts(timeout -> {
                    throw new IllegalStateException("no BYE today");
                })
                .onMediaTimeout(session.id().dialogId())
                .orElseThrow();

        assertThatIllegalStateException().isThrownBy(ending::run);

        assertThat(session.hasEnded()).isTrue();
    }

    @Test
    void shouldNotCallTheHandlerForACallThatAByeHasEnded() {
        CallSession session = sessions.open("c1", "alice", false);
        Runnable ending =
                timeouts(reported::add).onMediaTimeout(session.id().dialogId()).orElseThrow();
        session.end().join();

        ending.run();

        assertThat(reported).isEmpty();
    }

    @Test
    void shouldEndACallWithIceOnBothSidesOnlyIfConfigured() {
        String ice = AUDIO + "a=ice-ufrag:8hhY\r\na=ice-pwd:asd88fgpdd777uzjYhagZg\r\n";
        Call call = new Call("c1");
        dispatcher.answer("81.23.228.129 50000\r\n");
        CallSession session = sessions.open("c1", "alice", false);
        session.offer(call.invite(ice), CallAttributes.NONE).join();
        session.answer(call.response(200, ice), CallAttributes.NONE).join();
        String dialogId = session.id().dialogId();

        timeouts(reported::add).onMediaTimeout(dialogId).orElseThrow().run();

        assertThat(reported).isEmpty();
        assertThat(session.hasEnded()).isFalse();

        timeouts(reported::add, true).onMediaTimeout(dialogId).orElseThrow().run();

        assertThat(reported).hasSize(1);
        assertThat(session.hasEnded()).isTrue();
    }

    private MediaTimeouts timeouts(Consumer<MediaTimeout> application) {
        return timeouts(application, false);
    }

    private MediaTimeouts timeouts(Consumer<MediaTimeout> application, boolean endsIceCalls) {
        MediaTimeouts timeouts = new MediaTimeouts(sessions, endsIceCalls, System::nanoTime);
        timeouts.handler(application);
        return timeouts;
    }
}

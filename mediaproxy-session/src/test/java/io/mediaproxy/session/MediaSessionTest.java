package io.mediaproxy.session;

import static io.mediaproxy.session.Call.AUDIO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.mediaproxy.protocol.CommandRefusedException;
import io.mediaproxy.protocol.backchannel.BackChannelConfig;
import io.mediaproxy.session.sip.SipMessageView;
import io.mediaproxy.testing.ScriptedDispatcher;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parts of sessions that no ladder shows: blocking methods, invalid arguments, dialog ids. */
class MediaSessionTest {
    private final Call call = new Call("c1");

    private static MediaProxyBuilder configured(ScriptedDispatcher dispatcher) {
        dispatcher.answer("81.23.228.129 50000\r\n");
        return MediaProxy.builder().dispatcherSocket(dispatcher.socket()).timeout(Duration.ofSeconds(20));
    }

    @Test
    void shouldHandleOfferAnswerAndEnd() {
        try (ScriptedDispatcher dispatcher = ScriptedDispatcher.answering();
                MediaProxy mediaProxy = configured(dispatcher).build()) {
            MediaSession session = mediaProxy.session("c1", "alice");

            assertThat(session.callId()).isEqualTo("c1");
            assertThat(session.fromTag()).isEqualTo("alice");
            assertThat(session.offer(call.invite(AUDIO)).outcome()).isEqualTo(Outcome.REWRITTEN);
            assertThat(mediaProxy
                            .session("c1", "alice")
                            .answer(call.response(200, AUDIO))
                            .outcome())
                    .as("the existing session")
                    .isEqualTo(Outcome.REWRITTEN);
            assertThat(dispatcher.commands())
                    .allSatisfy(command -> assertThat(command).contains("dialog_id: \r\n"));
            dispatcher.answer("removed\r\n");
            assertThat(session.end().outcome()).isEqualTo(Outcome.REMOVED);
        }
    }

    @Test
    void shouldRefuseNamesThatDoNotFitTheProtocol() {
        try (ScriptedDispatcher dispatcher = ScriptedDispatcher.answering();
                MediaProxy mediaProxy = configured(dispatcher).build()) {
            assertThatIllegalArgumentException().isThrownBy(() -> mediaProxy.session("", "alice"));
            assertThatIllegalArgumentException().isThrownBy(() -> mediaProxy.session("c1", ""));
            assertThatExceptionOfType(CommandRefusedException.class)
                    .isThrownBy(() -> mediaProxy.session("c1\r\nmedia_relay: 6.6.6.6", "alice"));
        }
    }

    @Test
    void shouldReportAnExceptionOfTheViewAsFailure() {
        RuntimeException unreadable = new IllegalStateException("unreadable");
        SipMessageView view = (SipMessageView) Proxy.newProxyInstance(
                SipMessageView.class.getClassLoader(), new Class<?>[] {SipMessageView.class}, (proxy, method, args) -> {
                    throw unreadable;
                });
        try (ScriptedDispatcher dispatcher = ScriptedDispatcher.answering();
                MediaProxy mediaProxy = configured(dispatcher).build()) {
            MediaSession session = mediaProxy.session("c1", "alice");

            for (MediaProxyResult result : List.of(session.offer(view), session.answer(view))) {
                assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
                assertThat(result.failure()).containsSame(unreadable);
            }
            assertThat(dispatcher.commands()).isEmpty();
        }
    }

    @Test
    void shouldRefuseTimeoutsThatAreNotPositive() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> MediaProxy.builder().dialogTimeout(Duration.ZERO).build())
                .withMessageContaining("dialogTimeout");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MediaProxy.builder()
                        .earlyDialogTimeout(Duration.ofSeconds(-1))
                        .build())
                .withMessageContaining("earlyDialogTimeout");
    }

    @Test
    void shouldSendOneDialogIdPerCallIfThereIsABackChannel(@TempDir Path directory) {
        try (ScriptedDispatcher dispatcher = ScriptedDispatcher.answering();
                MediaProxy mediaProxy = configured(dispatcher)
                        .backChannel(BackChannelConfig.builder(directory.resolve("b.sock"))
                                .build())
                        .build()) {
            mediaProxy.engageMediaProxy(call.invite(AUDIO));
            mediaProxy.engagedCalls().follow(call.response(183, AUDIO));
            mediaProxy.engagedCalls().follow(call.response(200, AUDIO));
            List<String> first = dialogIds(dispatcher);
            mediaProxy.engagedCalls().endAsync(new CallKey("c1", "alice")).join();
            dispatcher.answer("81.23.228.129 50000\r\n");
            mediaProxy.engageMediaProxy(call.invite(AUDIO));

            assertThat(first).hasSize(3).containsOnly(first.get(0));
            assertThat(first.get(0)).hasSizeGreaterThanOrEqualTo(16);
            assertThat(dialogIds(dispatcher)).as("another call").hasSize(1).doesNotContain(first.get(0));
        }
    }

    @Test
    void shouldContinueTheCallWhenAListenerFails() {
        try (ScriptedDispatcher dispatcher = ScriptedDispatcher.answering();
                MediaProxy mediaProxy = configured(dispatcher).build()) {
            dispatcher.answer("81.23.228.129 50000\r\n");
            mediaProxy.engagedCalls().onResult((message, result) -> {
                throw new IllegalStateException("a counter broke");
            });
            mediaProxy.engagedCalls().onEnded((callId, removal) -> {
                throw new IllegalStateException("another broke");
            });

            assertThat(mediaProxy.engageMediaProxy(call.invite(AUDIO)).outcome())
                    .isEqualTo(Outcome.REWRITTEN);
            dispatcher.answer("removed\r\n");
            assertThat(mediaProxy
                            .engagedCalls()
                            .endAsync(new CallKey("c1", "alice"))
                            .join()
                            .outcome())
                    .isEqualTo(Outcome.REMOVED);
        }
    }

    @Test
    void shouldContinueTheCallWhenAListenerThrowsAnError() {
        try (ScriptedDispatcher dispatcher = ScriptedDispatcher.answering();
                MediaProxy mediaProxy = configured(dispatcher).build()) {
            dispatcher.answer("81.23.228.129 50000\r\n");
            mediaProxy.engagedCalls().onResult((message, result) -> {
                throw new AssertionError("a counter broke");
            });

            assertThat(mediaProxy.engageMediaProxy(call.invite(AUDIO)).outcome())
                    .isEqualTo(Outcome.REWRITTEN);
        }
    }

    private static List<String> dialogIds(ScriptedDispatcher dispatcher) {
        return dispatcher.commands().stream()
                .map(command -> command.lines()
                        .filter(line -> line.startsWith("dialog_id: "))
                        .findFirst()
                        .orElseThrow()
                        .substring("dialog_id: ".length()))
                .toList();
    }
}

package io.mediaproxy.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.mediaproxy.embedded.report.Fault;
import io.mediaproxy.embedded.report.ReceivedCommand;
import io.mediaproxy.session.MediaProxy;
import io.mediaproxy.session.MediaTimeout;
import io.mediaproxy.session.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The extension as a user has it: the tests of a server. */
class MediaProxyExtensionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @RegisterExtension
    static final MediaProxyExtension media = MediaProxyExtension.builder()
            .relays(2)
            .backChannel(true)
            .manualClock()
            .build();

    private MediaProxy mediaProxy;

    @BeforeEach
    void startTheServer() {
        mediaProxy = media.mediaProxy().timeout(PATIENCE).build();
    }

    @AfterEach
    void stopTheServer() {
        mediaProxy.close();
    }

    @Test
    void shouldCarryACallThroughTheRelay(@DispatcherSocket Path socket) {
        assertThat(socket).isEqualTo(media.socket());
        Call call = new Call("call-1");

        assertThat(mediaProxy.engageMediaProxy(call.invite()).outcome()).isEqualTo(Outcome.REWRITTEN);
        ReceivedCommand offer = media.takeCommand(PATIENCE);
        mediaProxy.engagedCalls().follow(call.ok());
        media.sendRtp("call-1", Side.CALLER);
        media.sendRtp("call-1", Side.CALLEE);
        media.awaitRtp("call-1", Side.CALLER, PATIENCE);
        mediaProxy.engagedCalls().follow(call.bye());

        assertThat(offer.name()).isEqualTo("update");
        assertThat(offer.text()).contains("call_id: call-1\r\n");
        media.awaitSessions(0, PATIENCE);
        assertThat(media.commands()).extracting(ReceivedCommand::name).containsExactly("update", "update", "remove");
    }

    @Test
    void shouldStartEachTestWithoutTheCallsOfOthers() {
        assertThat(media.commands()).isEmpty();
        assertThat(media.dispatcher().sessions()).isEmpty();
        assertThat(media.relays()).hasSize(2);
    }

    @Test
    void shouldInjectFaults() {
        Call call = new Call("call-2");
        media.inject(new Fault.ReplyError());
        media.inject(new Fault.ReplyError());

        assertThat(mediaProxy.useMediaProxy(call.invite()).outcome()).isEqualTo(Outcome.FAILED);
        assertThat(mediaProxy.useMediaProxy(call.invite()).outcome()).isEqualTo(Outcome.FAILED);
        assertThat(mediaProxy.useMediaProxy(call.invite()).outcome()).isEqualTo(Outcome.REWRITTEN);

        mediaProxy.endMediaSession(call.bye());
    }

    @Test
    void shouldLetTheMediaTimeOut() throws Exception {
        CompletableFuture<MediaTimeout> timeout = new CompletableFuture<>();
        mediaProxy.onMediaTimeout(timeout::complete);
        Call call = new Call("call-3");
        mediaProxy.engageMediaProxy(call.invite());
        mediaProxy.engagedCalls().follow(call.ok());

        media.advance(Duration.ofSeconds(91));

        assertThat(timeout.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).callId()).isEqualTo("call-3");
        media.takeCommand(PATIENCE);
        media.takeCommand(PATIENCE);
        assertThat(media.takeCommand(PATIENCE).name())
                .isEqualTo("remove"); // comes after the listener, and before mediaProxy closes
    }

    @Test
    @AllowLeftovers
    void shouldShowTheTranscriptWhereSomethingIsMissing() {
        mediaProxy.useMediaProxy(new Call("call-4").invite());
        media.takeCommand(PATIENCE);

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> media.takeCommand(Duration.ZERO))
                .withMessageContaining("no command came")
                .withMessageContaining("call_id: call-4");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> media.awaitSessions(0, Duration.ZERO))
                .withMessageContaining("there are 1")
                .withMessageContaining("call_id: call-4");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> media.sendRtp("call-5", Side.CALLER))
                .withMessageContaining("no answered session of call call-5");
    }

    @Nested
    class InANestedClass {
        @Test
        void shouldServeNestedClasses() {
            Call call = new Call("call-6");
            mediaProxy.useMediaProxy(call.invite());
            mediaProxy.endMediaSession(call.bye());
            assertThat(media.commands()).hasSize(2);
        }
    }

    @Test
    void shouldRefuseWhatItWasNotBuiltFor() {
        MediaProxyExtension plain = MediaProxyExtension.builder().build();

        assertThatIllegalStateException().isThrownBy(plain::backChannelSocket).withMessageContaining("backChannel");
        assertThatIllegalStateException().isThrownBy(plain::commands).withMessageContaining("@RegisterExtension");
    }
}

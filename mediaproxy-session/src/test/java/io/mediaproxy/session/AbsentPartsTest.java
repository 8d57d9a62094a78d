package io.mediaproxy.session;

import static io.mediaproxy.session.Call.ALICE;
import static io.mediaproxy.session.Call.AUDIO;
import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.protocol.CommandRefusedException;
import io.mediaproxy.session.sip.RawSipMessage;
import io.mediaproxy.testing.ScriptedDispatcher;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages without a part that a command needs get a result with a reason in the terms of SIP; nothing is sent. */
class AbsentPartsTest {
    private static final String NO_FROM = "the message has no From header field with a tag";

    private final ScriptedDispatcher dispatcher = ScriptedDispatcher.answering();
    private final MediaProxy mediaProxy =
            MediaProxy.builder().dispatcherSocket(dispatcher.socket()).build();
    private final Call call = new Call("c1");

    @AfterEach
    void stop() {
        mediaProxy.close();
        dispatcher.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "From: <sip:alice@atlanta.example>\r\n", "From: <sip:alice@atlanta.example>;tag=\r\n"})
    void shouldNameTheAbsentFromTag(String from) {
        RawSipMessage invite = withFrom(call.invite(AUDIO), from);
        RawSipMessage bye = withFrom(call.bye(), from);

        assertFailed(mediaProxy.useMediaProxy(invite), NO_FROM);
        assertFailed(mediaProxy.endMediaSession(bye), NO_FROM);
        assertThat(mediaProxy.useMediaProxy(bye).outcome()).isEqualTo(Outcome.NO_SDP);
        assertThat(mediaProxy.engageMediaProxy(invite).reason()).contains("a From tag");
        assertThat(dispatcher.commands()).isEmpty();
    }

    @Test
    void shouldNotTakeAByeWithoutFromForOneOfAnEngagedCall() {
        dispatcher.answer("81.23.228.129 50000\r\n");
        mediaProxy.engageMediaProxy(call.invite(AUDIO));

        MediaProxyResult result = mediaProxy.engagedCalls().follow(withFrom(call.bye(), ""));

        assertThat(result.outcome()).isEqualTo(Outcome.NOT_ENGAGED);
        assertThat(dispatcher.commands()).hasSize(1);
    }

    @Test
    void shouldNameTheAbsentCallId() {
        assertFailed(mediaProxy.useMediaProxy(new Call("").invite(AUDIO)), "the message has no Call-ID");
        assertFailed(mediaProxy.endMediaSession(new Call("").bye()), "the message has no Call-ID");
        assertThat(dispatcher.commands()).isEmpty();
    }

    @Test
    void shouldReportSdpWithoutAStream() {
        for (MediaProxyResult result : new MediaProxyResult[] {
            mediaProxy.useMediaProxy(call.invite("v=0\r\n")),
            mediaProxy.engageMediaProxy(new Call("c2").invite("v=0\r\n")),
            mediaProxy.session("c3", "alice").offer(new Call("c3").invite("v=0\r\n"))
        }) {
            assertThat(result.outcome()).isEqualTo(Outcome.NOTHING_TO_RELAY);
            assertThat(result.reason()).isEqualTo("the SDP has no m= line, so no stream");
            assertThat(result.body()).isEmpty();
        }
        assertThat(dispatcher.commands()).isEmpty();
    }

    private static void assertFailed(MediaProxyResult result, String reason) {
        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.returnCode()).isEqualTo(-1);
        assertThat(result.reason()).isEqualTo(reason);
        assertThat(result.failure()).containsInstanceOf(CommandRefusedException.class);
    }

    /** The same message with another From line, or none. */
    private static RawSipMessage withFrom(RawSipMessage message, String from) {
        String text = new String(message.bodyArray(), StandardCharsets.UTF_8);
        return RawSipMessage.parse(text.replaceFirst("From: .*\r\n", from).getBytes(StandardCharsets.UTF_8), ALICE);
    }
}

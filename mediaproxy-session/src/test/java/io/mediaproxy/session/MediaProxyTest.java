package io.mediaproxy.session;

import static io.mediaproxy.session.Call.AUDIO;
import static io.mediaproxy.session.Call.AUDIO_VIDEO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.mediaproxy.protocol.CommandRefusedException;
import io.mediaproxy.protocol.DispatcherErrorException;
import io.mediaproxy.protocol.DispatcherProtocolException;
import io.mediaproxy.protocol.DispatcherUnreachableException;
import io.mediaproxy.sdp.IceCandidate;
import io.mediaproxy.sdp.SdpSyntaxException;
import io.mediaproxy.session.sip.RawSipMessage;
import io.mediaproxy.session.sip.SipMessageView;
import io.mediaproxy.testing.ScriptedDispatcher;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The functions and parameters, with a dispatcher that sends scripted replies and records commands. */
class MediaProxyTest {
    private static final String RELAY = "81.23.228.129 50000\r\n";

    private final Call call = new Call("c1");
    private ScriptedDispatcher dispatcher;
    private MediaProxy mediaProxy;

    @BeforeEach
    void start() {
        dispatcher = ScriptedDispatcher.answering();
        mediaProxy = configured().build();
    }

    @AfterEach
    void stop() {
        mediaProxy.close();
        dispatcher.close();
    }

    private MediaProxyBuilder configured() {
        return MediaProxy.builder().dispatcherSocket(dispatcher.socket()).timeout(Duration.ofSeconds(20));
    }

    @Test
    void shouldPutTheRelayIntoAnOfferAndExplainIt() {
        dispatcher.answer(RELAY);

        MediaProxyResult result = mediaProxy.useMediaProxy(call.invite(AUDIO));

        assertThat(result.outcome()).isEqualTo(Outcome.REWRITTEN);
        assertThat(result.returnCode()).isEqualTo(1);
        assertThat(body(result))
                .isEqualTo(AUDIO.replace("c=IN IP4 10.0.0.1", "c=IN IP4 81.23.228.129")
                        .replace("5012", "50000"));
        assertThat(result.relay()).hasToString("Optional[81.23.228.129 50000]");
        assertThat(result.edits().orElseThrow().explain()).hasSize(2);
        assertThat(result.unrelayedStreams()).isEmpty();
        assertThat(result.failure()).isEmpty();
        assertThat(result).hasToString("REWRITTEN (1): relay 81.23.228.129 50000");
    }

    @Test
    void shouldReturnTheSameResultAsynchronously() {
        dispatcher.answer(RELAY);

        MediaProxyResult result = mediaProxy
                .useMediaProxyAsync(call.invite(AUDIO), CallAttributes.NONE)
                .join();

        assertThat(body(result)).isEqualTo(body(mediaProxy.useMediaProxy(call.invite(AUDIO))));
    }

    @Test
    void shouldRewriteTheRelayedStreamsOfAnAnswerAndNameTheOthers() {
        dispatcher.answer(RELAY);

        MediaProxyResult result = mediaProxy.useMediaProxy(call.response(200, AUDIO_VIDEO));

        assertThat(result.outcome()).isEqualTo(Outcome.REWRITTEN);
        assertThat(body(result)).contains("m=audio 50000", "m=video 5014");
        assertThat(result.unrelayedStreams()).containsExactly(1);
        assertThat(result.reason())
                .isEqualTo("relay 81.23.228.129 50000 has no port for the streams [1], which are not relayed");
    }

    @Test
    void shouldRefuseAnOfferWithMoreStreamsThanRelayPorts() {
        dispatcher.answer(RELAY);

        MediaProxyResult result = mediaProxy.useMediaProxy(call.invite(AUDIO_VIDEO));

        assertFailed(result, "the relay has 1 ports for an offer of 2 streams");
    }

    @Test
    void shouldReportAnErrorOfTheDispatcher() {
        dispatcher.answer("error\r\n");

        MediaProxyResult result = mediaProxy.useMediaProxy(call.invite(AUDIO));

        assertThat(result.failure()).containsInstanceOf(DispatcherErrorException.class);
        assertThat(result.returnCode()).isEqualTo(-1);
        assertThat(result.body()).isEmpty();
    }

    @Test
    void shouldReportThatTheDispatcherKnowsNoSuchOffer() {
        dispatcher.answer("None\r\n");

        assertFailed(
                mediaProxy.useMediaProxy(call.response(200, AUDIO)),
                "the dispatcher answered None: it knows no offer that this answers, or the CSeq is an old one");
    }

    @Test
    void shouldReportAReplyThatBreaksTheProtocol() {
        dispatcher.answer("halting\r\n");

        assertThat(mediaProxy.useMediaProxy(call.invite(AUDIO)).failure())
                .containsInstanceOf(DispatcherProtocolException.class);
    }

    @Test
    void shouldReportThatNoDispatcherListens(@TempDir Path empty) {
        try (MediaProxy alone = MediaProxy.builder()
                .dispatcherSocket(empty.resolve("none.sock"))
                .build()) {
            MediaProxyResult result = alone.useMediaProxy(call.invite(AUDIO));

            assertThat(result.failure()).containsInstanceOf(DispatcherUnreachableException.class);
            assertThat(result.reason()).contains("none.sock");
        }
    }

    @Test
    void shouldReportInvalidSdpAndSendNothing() {
        MediaProxyResult result = mediaProxy.useMediaProxy(call.invite("v=0\r\nm=audio 1\r\n"));

        assertThat(result.failure()).containsInstanceOf(SdpSyntaxException.class);
        assertThat(result.reason()).contains("line 2");
        assertThat(dispatcher.commands()).isEmpty();
    }

    @Test
    void shouldLeaveIpv6AloneAndNameTheLine() {
        MediaProxyResult result =
                mediaProxy.useMediaProxy(call.invite(AUDIO.replace("c=IN IP4 10.0.0.1", "c=IN IP6 2001:db8::1")));

        assertFailed(result, "line 4 has an IPv6 address, and the dispatcher's protocol carries IPv4 only");
        assertThat(dispatcher.commands()).isEmpty();
    }

    @Test
    void shouldReportAnExceptionOfTheSignalingIpFunction() {
        try (MediaProxy nothing = configured().signalingIp((m, a) -> null).build();
                MediaProxy broken = configured()
                        .signalingIp((m, a) -> {
                            throw new IllegalStateException("no table");
                        })
                        .build()) {
            assertFailed(nothing.useMediaProxy(call.invite(AUDIO)), "no signaling_ip for this message");
            assertFailed(broken.useMediaProxy(call.invite(AUDIO)), "no table");
        }
        assertThat(dispatcher.commands()).isEmpty();
    }

    @Test
    void shouldQueueARemovalEvenWithoutARetryInterval(@TempDir Path empty) {
        try (MediaProxy alone = MediaProxy.builder()
                .dispatcherSocket(empty.resolve("none.sock"))
                .dispatcher(limits -> limits.retryInterval(Duration.ZERO))
                .build()) {
            assertThat(alone.endMediaSession(call.bye()).outcome()).isEqualTo(Outcome.REMOVAL_QUEUED);
        }
    }

    @Test
    void shouldRefuseAMessageWithoutCallId() {
        assertThat(mediaProxy.useMediaProxy(new Call("").invite(AUDIO)).failure())
                .containsInstanceOf(CommandRefusedException.class);
        assertThat(mediaProxy.endMediaSession(new Call("").bye()).failure())
                .containsInstanceOf(CommandRefusedException.class);
        assertThat(dispatcher.commands()).isEmpty();
    }

    @Test
    void shouldLeaveTheMessageAloneOnceIceHasEnded() {
        MediaProxyResult result =
                mediaProxy.useMediaProxy(call.invite(AUDIO + "a=remote-candidates:1 192.0.2.1 8998\r\n"));

        assertThat(result.outcome()).isEqualTo(Outcome.ICE_ENDED);
        assertThat(result.returnCode()).isEqualTo(-1);
        assertThat(dispatcher.commands()).isEmpty();
    }

    @Test
    void shouldSendNothingWhenNoStreamCanBeRelayed() {
        MediaProxyResult result = mediaProxy.useMediaProxy(call.invite(AUDIO.replace("RTP/AVP", "TCP/MSRP")));

        assertThat(result.outcome()).isEqualTo(Outcome.NOTHING_TO_RELAY);
        assertThat(result.returnCode()).isEqualTo(1);
        assertThat(dispatcher.commands()).isEmpty();
    }

    @Test
    void shouldUseTheConfiguration() {
        dispatcher.answer(RELAY);
        try (MediaProxy other = configured()
                .signalingIp((message, attributes) -> "203.0.113.7_" + message.sourceAddress())
                .mediaRelay("203.0.113.9")
                .iceCandidate(IceCandidate.LOW_PRIORITY)
                .build()) {
            MediaProxyResult result = other.useMediaProxy(call.invite(iceOffer()));

            assertThat(dispatcher.commands())
                    .singleElement()
                    .asString()
                    .contains("signaling_ip: 203.0.113.7_192.0.2.1\r\nmedia_relay: 203.0.113.9\r\n");
            assertThat(body(result)).contains("UDP 16777215 81.23.228.129 50000 typ relay");
        }
    }

    @Test
    void shouldLetCallAttributesOverrideTheConfiguration() {
        dispatcher.answer(RELAY);
        try (MediaProxy other = configured()
                .mediaRelay("203.0.113.9")
                .iceCandidate(IceCandidate.LOW_PRIORITY)
                .build()) {
            CallAttributes attributes = CallAttributes.NONE
                    .withSignalingIp("198.51.100.1")
                    .withMediaRelay("203.0.113.10")
                    .withIceCandidate(IceCandidate.NONE);

            MediaProxyResult result = other.useMediaProxy(call.invite(iceOffer()), attributes);

            assertThat(dispatcher.commands())
                    .singleElement()
                    .asString()
                    .contains("signaling_ip: 198.51.100.1\r\nmedia_relay: 203.0.113.10\r\n");
            assertThat(body(result)).doesNotContain("typ relay");
        }
    }

    private static String iceOffer() {
        return AUDIO
                + "a=ice-ufrag:8hhY\r\na=ice-pwd:asd88fgpdd777uzjYhagZg\r\n"
                + "a=candidate:1 1 UDP 2130706431 10.0.0.1 5012 typ host\r\n";
    }

    @Test
    void shouldRefuseInvalidConfigurations() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> configured().mediaRelay("relay.example").build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> configured().timeout(Duration.ZERO).build());
    }

    @Test
    void shouldDoNothingWhenDisabled() {
        try (MediaProxy off = configured().disabled(true).build()) {
            assertThat(off.useMediaProxy(call.invite(AUDIO)).outcome()).isEqualTo(Outcome.DISABLED);
            assertThat(off.endMediaSession(call.bye()).outcome()).isEqualTo(Outcome.DISABLED);
            assertThat(off.useMediaProxy(call.invite(AUDIO)).reason())
                    .isEqualTo("mediaproxy is disabled, nothing was done");
            assertThat(off.pendingRemovals()).isZero();
        }
        assertThat(dispatcher.commands()).isEmpty();
    }

    @Test
    void shouldReportAnAnswerWithoutSdpOfAKnownCall() {
        dispatcher.answer(RELAY);
        mediaProxy.useMediaProxy(call.invite(AUDIO));
        dispatcher.answer(RELAY);

        MediaProxyResult result = mediaProxy.useMediaProxy(call.response(200, ""));

        assertThat(result.outcome()).isEqualTo(Outcome.UNCHANGED);
        assertThat(result.body()).isEmpty();
        assertThat(dispatcher.commands()).singleElement().asString().doesNotContain("media:");
    }

    @Test
    void shouldNotReportAnAnswerWithoutSdpOfACallWithoutOffer() {
        dispatcher.answer(RELAY);
        mediaProxy.useMediaProxy(call.invite(""));

        MediaProxyResult result = mediaProxy.useMediaProxy(call.response(200, ""));

        assertThat(result.outcome()).isEqualTo(Outcome.NO_SDP);
        assertThat(result.returnCode()).isEqualTo(-2);
        assertThat(dispatcher.commands()).isEmpty();
    }

    @Test
    void shouldNotReportAnAnswerWithoutSdpAfterARefusedOffer() {
        dispatcher.answer("error\r\n");
        mediaProxy.useMediaProxy(call.invite(AUDIO));
        dispatcher.answer(RELAY);

        assertThat(mediaProxy.useMediaProxy(call.response(200, "")).outcome()).isEqualTo(Outcome.NO_SDP);
        assertThat(dispatcher.commands()).isEmpty();
    }

    @Test
    void shouldReportAnAnswerWithoutSdpToAReInviteWithoutOffer() {
        dispatcher.answer(RELAY);
        mediaProxy.useMediaProxy(call.invite(AUDIO));
        mediaProxy.useMediaProxy(call.invite(""));
        dispatcher.answer(RELAY);

        assertThat(mediaProxy.useMediaProxy(call.response(200, "")).outcome()).isEqualTo(Outcome.UNCHANGED);
    }

    @Test
    void shouldRemoveASessionWithBothTags() {
        dispatcher.answer("removed\r\n");

        MediaProxyResult result = mediaProxy.endMediaSession(call.bye());

        assertThat(result.outcome()).isEqualTo(Outcome.REMOVED);
        assertThat(dispatcher.commands())
                .containsExactly("remove\r\ncall_id: c1\r\nfrom_tag: alice\r\nto_tag: bob\r\n\r\n");
    }

    @Test
    void shouldAcceptThatTheDispatcherHasNoSuchSession() {
        dispatcher.answer("error\r\n");

        MediaProxyResult result = mediaProxy.endMediaSession(call.bye());

        assertThat(result.outcome()).isEqualTo(Outcome.UNKNOWN_SESSION);
        assertThat(result.returnCode()).isEqualTo(1);
        assertThat(result.failure()).isEmpty();
        assertThat(mediaProxy.pendingRemovals()).isZero();
    }

    @Test
    void shouldFailClearlyOnceClosed() {
        mediaProxy.close();

        MediaProxyResult update = mediaProxy.useMediaProxy(call.invite(AUDIO));
        MediaProxyResult removal = mediaProxy.endMediaSession(call.bye());

        assertThat(List.of(update.outcome(), removal.outcome())).containsOnly(Outcome.FAILED);
        assertThat(update.reason()).contains("closed");
    }

    @Test
    void shouldNeverWriteToTheMessage() {
        dispatcher.answer(RELAY);
        RawSipMessage invite = call.invite(AUDIO);
        byte[] before = invite.bodyArray().clone();

        mediaProxy.useMediaProxy(invite);

        assertThat(invite.bodyArray()).isEqualTo(before);
    }

    @Test
    void shouldReportAnExceptionOfTheViewAsFailure() {
        RuntimeException unreadable = new IllegalStateException("unreadable");
        SipMessageView view = (SipMessageView) Proxy.newProxyInstance(
                SipMessageView.class.getClassLoader(), new Class<?>[] {SipMessageView.class}, (proxy, method, args) -> {
                    throw unreadable;
                });

        for (MediaProxyResult result :
                List.of(mediaProxy.useMediaProxy(view, CallAttributes.NONE), mediaProxy.endMediaSession(view))) {
            assertFailed(result, "unreadable");
            assertThat(result.failure()).containsSame(unreadable);
        }
        assertThat(dispatcher.commands()).isEmpty();
    }

    private static void assertFailed(MediaProxyResult result, String reason) {
        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.returnCode()).isEqualTo(-1);
        assertThat(result.body()).isEmpty();
        assertThat(result.reason()).isEqualTo(reason);
    }

    private static String body(MediaProxyResult result) {
        return new String(result.body().orElseThrow(), StandardCharsets.UTF_8);
    }
}

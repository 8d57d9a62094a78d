package io.mediaproxy.embedded;

import static io.mediaproxy.embedded.SipServerSocket.endDialog;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the dispatcher asks the SIP server to end the dialog of a call that timed out. */
class EndDialogTest {
    private static final Duration ALMOST = Duration.ofSeconds(89);
    private static final Duration LITTLE = Duration.ofSeconds(1);
    private static final Duration STREAM_TIMEOUT = ALMOST.plus(LITTLE);
    private static final String ICE_OF_CALLER = "audio:10.1.1.1:4000:sendrecv:ice=yes";
    private static final String ICE_OF_CALLEE = "audio:10.1.1.2:5000:sendrecv:ice=yes";

    private final SipServerSocket sipServer;
    private final CallFixture call;
    private final UdpEndpoint caller = new UdpEndpoint();
    private final UdpEndpoint callee = new UdpEndpoint();

    EndDialogTest(@TempDir Path directory) {
        Path path = directory.resolve("mi.sock");
        sipServer = new SipServerSocket(path);
        call = new CallFixture(path);
    }

    @AfterEach
    void close() {
        caller.close();
        callee.close();
        call.close();
        sipServer.close();
    }

    private void send(UdpEndpoint from, int port) {
        from.send(UdpEndpoint.rtp(0, 1), port);
        call.relay.settle();
    }

    private void assertAskedToEnd(String... dialogIds) {
        assertThat(sipServer.receivedWithoutIds())
                .containsExactlyElementsOf(List.of(dialogIds).stream()
                        .map(SipServerSocket::endDialog)
                        .toList());
    }

    private void assertAskedNothing() {
        assertThat(sipServer.received()).isEmpty();
    }

    @Test
    void shouldSendTheRealDatagramFromASocketNextToItsOwn() {
        call.run(Commands.offer("c"));
        call.run(Commands.answer("c"));
        call.pass(STREAM_TIMEOUT);

        assertThat(sipServer.received())
                .singleElement()
                .asString()
                .matches("\\{\"jsonrpc\": \"2\\.0\", \"id\": \"[0-9a-f]{1,8}\", \"method\": \"dlg_end_dlg\","
                        + " \"params\": \\[\"1:2\"]}");
        assertThat(sipServer.sender())
                .isEqualTo(call.dispatcher.socket().resolveSibling("opensips.sock"))
                .exists();
    }

    @Test
    void shouldEndAnAnsweredCallWithoutMedia() {
        call.run(Commands.offer("c"));
        call.run(Commands.answer("c"));
        call.pass(ALMOST);
        assertAskedNothing();
        call.pass(LITTLE);
        assertAskedToEnd("1:2");
    }

    @Test
    void shouldEndACallWhoseMediaStops() {
        int calleePort = call.ports(Commands.offer("c"))[0];
        int callerPort = call.ports(Commands.answer("c"))[0];
        send(caller, callerPort);
        send(callee, calleePort);
        call.pass(ALMOST);
        send(callee, calleePort);
        call.pass(ALMOST);
        assertAskedNothing();
        call.pass(LITTLE);

        assertAskedToEnd("1:2");
        assertThat(call.ended.get(0).streams().get(0).status()).isEqualTo("conntrack timeout");
    }

    @Test
    void shouldEndACallInWhichOnlyOneSideTalks() {
        call.run(Commands.offer("c"));
        int callerPort = call.ports(Commands.answer("c"))[0];
        call.pass(ALMOST);
        send(caller, callerPort);
        assertAskedNothing();
        call.pass(LITTLE);
        assertAskedToEnd("1:2");
    }

    @Test
    void shouldEndARingingCallWithEarlyMedia() {
        call.run(Commands.offer("c"));
        call.run(Commands.update("reply", "c", 1, "", "callee", Commands.AUDIO_OF_CALLEE, "1:2"));
        call.pass(STREAM_TIMEOUT);
        assertAskedToEnd("1:2");
    }

    @Test
    void shouldEndACallWhoseOfferWasRetransmitted() {
        call.run(Commands.offer("c"));
        call.run(Commands.offer("c"));
        call.pass(STREAM_TIMEOUT);
        assertAskedToEnd("1:2");
    }

    @Test
    void shouldEndACallAnsweredWithoutSdp() {
        call.run(Commands.offer("c"));
        call.run(Commands.answer("c").replace("media: " + Commands.AUDIO_OF_CALLEE + "\r\n", ""));
        call.pass(STREAM_TIMEOUT);
        assertAskedToEnd("1:2");
    }

    @Test
    void shouldNotEndAnUnansweredCall() {
        int[] offered = call.ports(Commands.offer("c"));
        call.pass(STREAM_TIMEOUT);
        assertAskedNothing();

        assertThat(call.ports(Commands.answer("c"))).doesNotContain(offered);
        assertThat(call.dispatcher.sessions()).hasSize(1);
    }

    @Test
    void shouldNotEndACallWhoseMediaTookAnotherPath() {
        call.run(Commands.offer("c", 1, "", ICE_OF_CALLER));
        call.run(Commands.answer("c", 1, ICE_OF_CALLEE));
        call.pass(STREAM_TIMEOUT);
        assertAskedNothing();
        assertThat(call.run(Commands.remove("c"))).isEqualTo("error\r\n");
    }

    @Test
    void shouldEndACallIfOnlyOneStreamUsedIce() {
        call.run(Commands.offer("c", 1, "", ICE_OF_CALLER + ",video:10.1.1.1:4002:sendrecv:ice=no"));
        call.run(Commands.answer("c", 1, ICE_OF_CALLEE + ",video:10.1.1.2:5002:sendrecv:ice=no"));
        call.pass(STREAM_TIMEOUT);
        assertAskedToEnd("1:2");
    }

    @Test
    void shouldNotEndACallWithoutDialogId() {
        call.run(Commands.offer("c").replace("dialog_id: 1:2\r\n", ""));
        call.run(Commands.answer("c"));
        call.pass(STREAM_TIMEOUT);
        assertAskedNothing();
        assertThat(call.run(Commands.remove("c"))).isEqualTo("error\r\n");
    }

    @Test
    void shouldSendTheDialogIdOfTheFirstUpdate() {
        call.run(Commands.update("request", "c", 1, "", "caller", Commands.AUDIO_OF_CALLER, "8:8"));
        call.run(Commands.answer("c"));
        call.pass(STREAM_TIMEOUT);
        assertAskedToEnd("8:8");
    }

    @Test
    void shouldEscapeTheDialogIdAsPythonDoes() {
        String utf8 = "x\"y\\\u00c3\u00bc\u00f0\u009f\u0098\u0080\t\u0001/\u007f";
        call.run(Commands.update("request", "c", 1, "", "caller", Commands.AUDIO_OF_CALLER, utf8));
        call.run(Commands.answer("c"));
        call.pass(STREAM_TIMEOUT);
        assertAskedToEnd("x\\\"y\\\\\\u00fc\\ud83d\\ude00\\t\\u0001/\\u007f");
    }

    @Test
    void shouldGiveACallOnHoldTwoHours() {
        call.run(Commands.offer("c", 1, "", "audio:10.1.1.1:4000:sendonly:ice=no"));
        call.run(Commands.answer("c"));
        call.pass(Duration.ofSeconds(7_199));
        assertAskedNothing();
        call.pass(LITTLE);
        assertAskedToEnd("1:2");
    }

    @Test
    void shouldNeverEndAnIncompleteLateOffer() {
        call.run(Commands.offer("c", 1, "", ""));
        call.pass(Duration.ofDays(1));
        assertAskedNothing();
    }

    @Test
    void shouldSendOneDatagramAndKeepTheCallUntilItsRemove() {
        call.run(Commands.offer("c"));
        call.run(Commands.answer("c"));
        call.pass(STREAM_TIMEOUT);
        assertAskedToEnd("1:2");

        call.pass(Duration.ofHours(23));
        assertAskedNothing();
        assertThat(call.run(Commands.remove("c"))).isEqualTo("removed\r\n");
        assertThat(call.run(Commands.remove("c"))).isEqualTo("error\r\n");
        assertAskedNothing();
    }

    @Test
    void shouldForgetTheCallAfterADay() {
        call.run(Commands.offer("c"));
        call.run(Commands.answer("c"));
        call.pass(STREAM_TIMEOUT);

        call.pass(Duration.ofHours(25));
        assertThat(call.run(Commands.remove("c"))).isEqualTo("error\r\n");
    }

    @Test
    void shouldSendNoDatagramForARemovedCall() {
        call.run(Commands.offer("c"));
        call.run(Commands.answer("c"));
        call.run(Commands.remove("c"));
        call.pass(STREAM_TIMEOUT);
        assertAskedNothing();
    }

    @Test
    void shouldEndTheAnsweredCallsOfAClosedRelay() {
        call.run(Commands.offer("answered"));
        call.run(Commands.answer("answered"));
        call.run(Commands.update("request", "ringing", 1, "", "caller", Commands.AUDIO_OF_CALLER, "7:8"));
        call.relay.close();
        call.dispatcher.settle();

        assertAskedToEnd("1:2");
        assertThat(call.run(Commands.remove("answered"))).isEqualTo("removed\r\n");
        assertThat(call.run(Commands.remove("ringing"))).isEqualTo("error\r\n");
    }

    @Test
    void shouldEndAndForgetEveryCallThatARelayLost() {
        call.run(Commands.offer("answered"));
        call.run(Commands.answer("answered"));
        call.run(Commands.update("request", "ringing", 1, "", "caller", Commands.AUDIO_OF_CALLER, "7:8"));
        call.run(Commands.offer("nameless").replace("dialog_id: 1:2\r\n", ""));
        call.relay.crash();
        call.dispatcher.settle();
        assertAskedNothing();
        assertThat(call.run(Commands.remove("answered"))).isEqualTo("error\r\n");

        try (EmbeddedRelay restarted = EmbeddedRelay.builder().clock(call.clock).start()) {
            call.dispatcher.connect(restarted);
            assertAskedToEnd("1:2", "7:8");
            for (String callId : List.of("answered", "ringing", "nameless")) {
                assertThat(call.run(Commands.remove(callId))).isEqualTo("error\r\n");
            }
        }
    }

    @Test
    void shouldLoseDatagramsWhenTheReceiversQueueIsFull() {
        int calls = 700;
        for (int i = 0; i < calls; i++) {
            call.run(Commands.update("request", "c" + i, 1, "", "caller", Commands.AUDIO_OF_CALLER, i + ":1"));
            call.run(Commands.answer("c" + i));
        }
        call.pass(STREAM_TIMEOUT);

        List<String> received = sipServer.receivedWithoutIds();
        assertThat(received).hasSizeBetween(1, calls - 1);
        assertThat(received)
                .containsExactlyElementsOf(IntStream.range(0, received.size())
                        .mapToObj(i -> endDialog(i + ":1"))
                        .toList());
        assertThat(call.dispatcher.unansweredDatagrams()).isEqualTo(calls);
        assertThat(call.run(Commands.offer("new"))).startsWith("127.0.0.1 ");
        assertThat(call.run(Commands.remove("c" + (calls - 1)))).isEqualTo("removed\r\n");
        call.pass(Duration.ofSeconds(3));
        assertAskedNothing();
    }
}

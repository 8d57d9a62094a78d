package io.mediaproxy.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.protocol.DispatcherReply;
import io.mediaproxy.protocol.UpdateCommand;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each benchmark over sockets gets the reply that it is meant to get. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RoundTripCorrectnessTest {
    private static final DispatcherReply RELAY = new DispatcherReply.Endpoints("198.51.100.20", List.of(50000, 50004));

    private final RoundTripBenchmark roundTrip = new RoundTripBenchmark();
    private final UseMediaProxyBenchmark useMediaProxy = new UseMediaProxyBenchmark();

    @BeforeEach
    void connect() throws Exception {
        roundTrip.connect();
        useMediaProxy.connect();
    }

    @AfterEach
    void close() throws Exception {
        roundTrip.close();
        useMediaProxy.close();
    }

    @Test
    void shouldGetTheSameReplyThroughTheClientAsOverABareSocket() throws Exception {
        RoundTripBenchmark.Caller caller = new RoundTripBenchmark.Caller();
        caller.begin(roundTrip);
        RoundTripBenchmark.BareSocket socket = new RoundTripBenchmark.BareSocket();
        socket.connect(roundTrip);

        roundTrip.clientFull();
        assertThat(roundTrip.clientAlone()).isEqualTo(RELAY);
        assertThat(roundTrip.clientAloneWaiting(caller)).isEqualTo(RELAY);
        assertThat(roundTrip.clientFullWaiting(caller)).isEqualTo(RELAY);
        for (int i = 0; i < 3; i++) {
            assertThat(text(roundTrip.socketAlone(socket))).isEqualTo(BarePeer.REPLY);
            assertThat(text(roundTrip.socketsFull(socket))).isEqualTo(BarePeer.REPLY);
        }
        socket.close();
    }

    @Test
    void shouldGetEveryReplyThroughABareSelector() throws Exception {
        RoundTripBenchmark.BareSelectors selectors = new RoundTripBenchmark.BareSelectors();
        selectors.connect(roundTrip);

        for (int i = 0; i < 3; i++) {
            assertThat(text(roundTrip.selectorAlone(selectors))).isEqualTo(BarePeer.REPLY);
            assertThat(text(roundTrip.selectorFull(selectors))).isEqualTo(BarePeer.REPLY);
        }
        selectors.close();
    }

    @Test
    void shouldReadWhatThePeerWrites() {
        ReplyParseBenchmark benchmark = new ReplyParseBenchmark();
        benchmark.line = BarePeer.REPLY.strip();
        benchmark.fill();

        assertThat(benchmark.parse()).isEqualTo(RELAY);
        assertThat(benchmark.parse()).isEqualTo(RELAY);
    }

    @Test
    void shouldWriteTheCommandThatWasChecked() {
        CommandEncodeBenchmark benchmark = new CommandEncodeBenchmark();
        UpdateCommand command = benchmark.check();

        int length = benchmark.encode();

        assertThat(new String(benchmark.wire.encoded(), 0, length, StandardCharsets.UTF_8))
                .startsWith("update\r\ntype: request\r\n")
                .contains("\r\ncall_id: " + command.callId() + "\r\n")
                .endsWith("\r\nmedia: audio:192.0.2.10:49170:sendrecv:ice=no,"
                        + "video:192.0.2.10:51372:sendrecv:ice=no\r\n\r\n");
    }

    @Test
    void shouldRewriteTheSameBodyWithEveryStack() throws Exception {
        byte[] sdp = SampleCall.sdp("audio-video");
        String expected = text(sdp)
                .replace("m=audio " + port(sdp, "audio"), "m=audio 50000")
                .replace("m=video " + port(sdp, "video"), "m=video 50004");

        String raw = text(useMediaProxy.rawMessage());

        assertThat(raw).startsWith("INVITE sip:bob@biloxi.example.com SIP/2.0\r\n");
        assertThat(body(raw).lines().filter(line -> line.startsWith("m=")))
                .containsExactlyElementsOf(
                        expected.lines().filter(line -> line.startsWith("m=")).toList());
        assertThat(body(raw)).contains("c=IN IP4 198.51.100.20\r\n");
        assertThat(text(useMediaProxy.pkts())).isEqualTo(raw);
        assertThat(body(text(useMediaProxy.jainSip()))).isEqualTo(body(raw));
    }

    @Test
    void shouldDoThePartsOfACall() throws Exception {
        byte[] sdp = SampleCall.sdp("audio-video");
        byte[] invite = SampleCall.invite(sdp);

        assertThat(useMediaProxy.rawMessageParse().bodyLength()).isEqualTo(sdp.length);
        assertThat(useMediaProxy.rawMessageContent()).isEqualTo(invite);
        assertThat(useMediaProxy.pktsParse().getContent().getReadableBytes()).isEqualTo(sdp.length);
        assertThat(useMediaProxy.jainParse().getRawContent()).isEqualTo(sdp);
        assertThat(body(text(useMediaProxy.jainParseAndEncode()))).isEqualTo(text(sdp));
        assertThat(useMediaProxy.roundTrip()).isEqualTo(RELAY);
        assertThat(useMediaProxy.sdpRewrite())
                .isEqualTo(body(text(useMediaProxy.rawMessage())).length());
    }

    private static String port(byte[] sdp, String type) {
        String line = text(sdp)
                .lines()
                .filter(any -> any.startsWith("m=" + type))
                .findFirst()
                .orElseThrow();
        return line.split(" ", -1)[1];
    }

    private static String body(String message) {
        return message.substring(message.indexOf("\r\n\r\n") + 4);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String text(ByteBuffer received) {
        byte[] bytes = new byte[received.position()];
        received.get(0, bytes);
        return text(bytes);
    }
}

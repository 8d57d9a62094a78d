package io.mediaproxy.benchmarks.dispatchers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Uses a peer that sends recorded replies of rtpengine 10.5. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RtpengineCallerTest {
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String OFFERED = "d3:sdp97:v=0\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
            + "m=audio 30000 RTP/AVP 0\r\na=rtcp:30001\r\nm=video 30036 RTP/AVP 31\r\n6:result2:oke";
    private static final String DELETED = "d7:createdi1795376234e11:last signali1795376234e6:result2:oke";
    private static final String NOT_FOUND = "d7:warning38:Call-ID not found or tags didn't match6:result2:oke";
    private static final String REFUSED = "d12:error-reason22:No codecs given in SDP6:result5:errore";

    private final DatagramSocket peer;

    RtpengineCallerTest() throws IOException {
        peer = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() {
        peer.close();
    }

    @Test
    void shouldOfferTwoStreamsAndDeleteTheSameCall() throws Exception {
        try (RtpengineCaller caller = new RtpengineCaller(peer.getLocalPort(), LONG)) {
            CompletableFuture<Boolean> begun = background(caller::begin);
            String offer = answer(OFFERED);
            assertThat(begun.get()).isTrue();
            assertThat(offer)
                    .containsPattern("^[0-9]+ d7:call-id")
                    .contains("7:command5:offer8:from-tag10:9fxced76sl3:sdp504:v=0\r\n");

            CompletableFuture<Boolean> ended = background(caller::end);
            String delete = answer(DELETED);
            assertThat(ended.get()).isTrue();
            assertThat(delete)
                    .containsPattern("^[0-9]+ d7:call-id")
                    .endsWith("7:command6:delete8:from-tag10:9fxced76sle");
            assertThat(callId(delete)).isEqualTo(callId(offer));

            CompletableFuture<Boolean> next = background(caller::begin);
            assertThat(callId(answer(OFFERED))).isNotEqualTo(callId(offer));
            assertThat(next.get()).isTrue();
        }
    }

    @Test
    void shouldNeverSendACookieTwice() throws Exception {
        Set<String> cookies = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            try (RtpengineCaller caller = new RtpengineCaller(peer.getLocalPort(), LONG)) {
                CompletableFuture<Boolean> begun = background(caller::begin);
                String command = answer(OFFERED);
                assertThat(begun.get()).isTrue();
                assertThat(cookies.add(command.substring(0, command.indexOf(' '))))
                        .isTrue();
            }
        }
    }

    @Test
    void shouldCountEveryOtherReplyAsFailed() throws Exception {
        try (RtpengineCaller caller = new RtpengineCaller(peer.getLocalPort(), LONG)) {
            for (String reply : new String[] {REFUSED, DELETED, OFFERED.replace("30036", "0"), ""}) {
                CompletableFuture<Boolean> begun = background(caller::begin);
                answer(reply);
                assertThat(begun.get()).as(reply).isFalse();
            }
            for (String reply : new String[] {REFUSED, NOT_FOUND, ""}) {
                CompletableFuture<Boolean> ended = background(caller::end);
                answer(reply);
                assertThat(ended.get()).as(reply).isFalse();
            }
        }
    }

    @Test
    void shouldCountSilenceAsFailedAndIgnoreALateReply() throws Exception {
        try (RtpengineCaller caller = new RtpengineCaller(peer.getLocalPort(), SHORT)) {
            assertThat(caller.begin()).isFalse();
            answer(OFFERED);
            assertThat(caller.begin()).isFalse();
        }
    }

    /** Receives a command and answers it with its cookie. */
    private String answer(String reply) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[64 * 1024], 64 * 1024);
        peer.receive(packet);
        String command = new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII);
        String cookie = command.substring(0, command.indexOf(' ') + 1);
        byte[] bytes = (cookie + reply).getBytes(StandardCharsets.US_ASCII);
        peer.send(new DatagramPacket(bytes, bytes.length, packet.getSocketAddress()));
        return command;
    }

    private static String callId(String command) {
        return command.substring(command.indexOf("7:call-id"), command.indexOf("7:command"));
    }

    private interface Command {
        boolean run() throws IOException;
    }

    private static CompletableFuture<Boolean> background(Command command) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return command.run();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}

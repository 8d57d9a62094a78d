package io.mediaproxy.sdp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.mediaproxy.conformance.ConformanceVector;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Finds, reads and rewrites SDP in any bytes: a Content-Type up to the first line end, then the body. */
class SdpFuzzTest {
    /** A hundred vectors begin a corpus as well as all of them. */
    private static final int EACH = 7;

    private static final RelayEndpoints RELAY = RelayEndpoints.of("81.23.228.129", 50000, 50004, 0);

    static Stream<byte[]> vectors() {
        List<ConformanceVector> all = ConformanceVector.all();
        return IntStream.range(0, all.size() / EACH)
                .mapToObj(i -> all.get(EACH * i + 1))
                .filter(vector -> vector.body().length > 0)
                .map(SdpFuzzTest::input);
    }

    private static byte[] input(ConformanceVector vector) {
        String type = vector.header("Content-Type");
        return ((type == null ? "" : type) + '\n' + new String(vector.body(), UTF_8)).getBytes(UTF_8);
    }

    @MethodSource("vectors")
    @FuzzTest
    void shouldKeepTheInvariants(byte[] input) {
        int lineEnd = lineEnd(input);
        String type = new String(input, 0, lineEnd, ISO_8859_1);
        byte[] message = input.clone();
        int bodyStart = Math.min(message.length, lineEnd + 1);
        SdpBody found = SdpBody.find(type.isEmpty() ? null : type, message, bodyStart, message.length - bodyStart);
        if (found.isPresent()) {
            rewrite(found, message, bodyStart);
        }
        assertThat(message).isEqualTo(input);
    }

    private static void rewrite(SdpBody found, byte[] message, int bodyStart) {
        byte[] sdp = Arrays.copyOfRange(message, found.sdpOffset(), found.sdpOffset() + found.sdpLength());
        SdpIndex index = new SdpIndex();
        try {
            index.parse(found);
        } catch (SdpSyntaxException e) {
            assertThat(e.getMessage()).isNotEmpty();
            return;
        }
        byte[] body = SdpRewriter.plan(index, RELAY, IceCandidate.NONE).toByteArray();
        byte[] before = Arrays.copyOfRange(message, bodyStart, found.sdpOffset());
        byte[] after = Arrays.copyOfRange(message, found.sdpOffset() + found.sdpLength(), message.length);
        assertThat(Arrays.copyOf(body, before.length)).isEqualTo(before);
        assertThat(Arrays.copyOfRange(body, body.length - after.length, body.length))
                .isEqualTo(after);
        RewriteInvariants.writesThePlannedAddressesAndPorts(sdp);
        RewriteInvariants.rewritesTheSameAtAnyOffset(sdp);
        for (IceCandidate candidate : IceCandidate.values()) {
            RewriteInvariants.keepsEveryByteOutsideTheEdits(sdp, candidate);
            RewriteInvariants.gathersTheSameBytesThatItWrites(sdp, candidate);
            RewriteInvariants.plansNoEditForARewrittenBody(sdp, candidate);
        }
    }

    private static int lineEnd(byte[] input) {
        int end = 0;
        while (end < input.length && input[end] != '\n') {
            end++;
        }
        return end;
    }
}

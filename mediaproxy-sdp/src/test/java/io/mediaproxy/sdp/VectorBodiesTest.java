package io.mediaproxy.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.conformance.ConformanceVector;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringTokenizer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reads and rewrites every body of the conformance vectors that a relay is put into. */
class VectorBodiesTest {
    private static final String MEDIA = "\r\nmedia: ";

    static Stream<ConformanceVector> rewritten() {
        return ConformanceVector.all().stream()
                .filter(vector -> vector.expect().returnCode() == 1 && mediaHeader(vector) != null);
    }

    @ParameterizedTest
    @MethodSource("rewritten")
    void shouldDescribeTheStreamsAsTheModuleDoes(ConformanceVector vector) {
        SdpIndex index = parse(vector);

        assertThat(describe(index)).isEqualTo(mediaHeader(vector));
    }

    @ParameterizedTest
    @MethodSource("rewritten")
    void shouldRewriteTheBodyAsTheModuleDoes(ConformanceVector vector) {
        SdpEdits edits = SdpRewriter.plan(parse(vector), relay(vector), iceCandidate(vector));

        String expected = vector.expect().body();
        byte[] original = vector.body();
        assertThat(new String(edits.toByteArray(), StandardCharsets.UTF_8))
                .isEqualTo(expected == null ? new String(original, StandardCharsets.UTF_8) : expected);
        assertThat(edits.isEmpty()).isEqualTo(expected == null);
    }

    static SdpIndex parse(ConformanceVector vector) {
        byte[] body = vector.body();
        SdpIndex index = new SdpIndex();
        index.parse(SdpBody.find(vector.header("Content-Type"), body, 0, body.length));
        if (!vector.message().startsWith("SIP/2.0 ")) { // In a request, ICE has ended for such a stream.
            IntStream.range(0, index.streamCount())
                    .filter(index::hasRemoteCandidates)
                    .forEach(index::leaveAlone);
        }
        return index;
    }

    static RelayEndpoints relay(ConformanceVector vector) {
        StringTokenizer tokens = new StringTokenizer(vector.dispatcherReply());
        String address = tokens.nextToken();
        int[] ports = new int[tokens.countTokens()];
        for (int i = 0; i < ports.length; i++) {
            ports[i] = Integer.parseInt(tokens.nextToken());
        }
        return RelayEndpoints.of(address, ports);
    }

    static IceCandidate iceCandidate(ConformanceVector vector) {
        String text = vector.attributes().iceCandidate();
        if (text == null || text.equals("medium")) { // D6: an unknown text is refused, the call continues without
            return IceCandidate.NONE;
        }
        return IceCandidate.of(text.toLowerCase(Locale.ROOT));
    }

    private static @Nullable String mediaHeader(ConformanceVector vector) {
        String command = vector.expect().command();
        int start = command == null ? -1 : command.indexOf(MEDIA);
        return command == null || start < 0
                ? null
                : command.substring(start + MEDIA.length(), command.indexOf("\r\n", start + MEDIA.length()));
    }

    private static String describe(SdpIndex index) {
        List<String> streams = new ArrayList<>();
        for (int i = 0; i < index.streamCount(); i++) {
            if (index.isSupported(i)) {
                streams.add(index.type(i) + ":" + index.mediaAddress(i) + ":" + index.mediaPort(i) + ":"
                        + index.direction(i) + ":ice=" + (index.hasIce(i) ? "yes" : "no"));
            }
        }
        return String.join(",", streams);
    }
}

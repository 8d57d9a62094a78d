package io.mediaproxy.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.mediaproxy.sdp.SdpBody;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import javax.sdp.SdpException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A benchmark that computes the wrong thing fast is worth nothing: each method's result is held against another source.
 */
class BenchmarkCorrectnessTest {
    private static final Set<HostileBody> WITHOUT_SDP = Set.of(
            HostileBody.TINY_PARTS,
            HostileBody.TYPED_PARTS,
            HostileBody.DELIMITER_LOOKALIKES,
            HostileBody.BLANKS_BEHIND_DELIMITERS,
            HostileBody.HEADER_FIELDS,
            HostileBody.ENCODED_PARTS,
            HostileBody.NESTED_PARTS);

    private static final Set<HostileBody> REFUSED =
            Set.of(HostileBody.MEDIA_LINES, HostileBody.ENDLESS_LINE, HostileBody.LINE_FEEDS, HostileBody.LINE_ENDS);

    @ParameterizedTest
    @ValueSource(strings = {"audio", "audio-video", "webrtc"})
    void shouldNameTheSameAddressesAndPortsAsJainSdp(String sample) throws SdpException {
        SdpRewriteBenchmark benchmark = benchmark(sample);

        List<Place> ours = places(rewritten(benchmark));
        List<Place> jain = places(text(benchmark.jainSdp()));

        assertThat(ours).isEqualTo(jain);
    }

    /** These keep the order of the lines, so they have to write the very same bytes. */
    @ParameterizedTest
    @ValueSource(strings = {"audio", "audio-video", "webrtc"})
    void shouldWriteTheSameBodyAsRegularExpressionsAndSplit(String sample) {
        SdpRewriteBenchmark benchmark = benchmark(sample);

        String ours = rewritten(benchmark);

        assertThat(text(benchmark.regex())).isEqualTo(ours);
        assertThat(text(benchmark.split())).isEqualTo(ours);
    }

    @ParameterizedTest
    @ValueSource(strings = {"audio", "audio-video", "webrtc"})
    void shouldNameTheRelayInEveryPlace(String sample) {
        SdpRewriteBenchmark benchmark = benchmark(sample);

        List<Place> places = places(rewritten(benchmark));

        assertThat(places).hasSize(sample.equals("audio") ? 1 : 2);
        for (int i = 0; i < places.size(); i++) {
            int port = SdpRewriteBenchmark.RELAY_PORTS[i];
            assertThat(places.get(i).address()).isEqualTo("IN IP4 " + SampleCall.RELAY);
            assertThat(places.get(i).port()).isEqualTo(port);
            assertThat(places.get(i).rtcp()).isIn("none", port + 1 + "", port + 1 + " IN IP4 " + SampleCall.RELAY);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"audio", "audio-video", "webrtc"})
    void shouldRewriteAgainAsTheFirstTime(String sample) {
        SdpRewriteBenchmark benchmark = benchmark(sample);

        String first = rewritten(benchmark);

        assertThat(rewritten(benchmark)).isEqualTo(first);
    }

    /** Nothing may depend on what the compiler can optimise away: not even the interpreter allocates. */
    @ParameterizedTest
    @ValueSource(strings = {"audio", "audio-video", "webrtc"})
    void shouldAllocateNothingForARewriteOnceWarm(String sample) {
        SdpRewriteBenchmark benchmark = benchmark(sample);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int rewrites = 1000;
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) { // The JVM links a thing or two of its own while it warms up.
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < rewrites; i++) {
                benchmark.rewrite();
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }

        // Less than one byte each: measuring may take a few itself.
        assertThat(least).isLessThan(rewrites);
    }

    @ParameterizedTest
    @ValueSource(strings = {"audio", "audio-video", "webrtc"})
    void shouldReadEveryStream(String sample) {
        SdpRewriteBenchmark benchmark = benchmark(sample);

        assertThat(benchmark.parse()).isEqualTo(places(text(benchmark.body)).size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"audio", "audio-video", "webrtc"})
    void shouldCopyEveryByte(String sample) {
        SdpRewriteBenchmark benchmark = benchmark(sample);

        byte[] copy = benchmark.copyFloor();

        assertThat(copy).startsWith(benchmark.body);
    }

    @ParameterizedTest
    @ValueSource(strings = {"audio", "audio-video", "webrtc"})
    void shouldFindEveryLineAndItsFirstLetter(String sample) {
        SdpRewriteBenchmark benchmark = benchmark(sample);
        List<String> expected = text(benchmark.body).lines().toList();

        int lines = benchmark.lineIndexFloor();

        assertThat(lines).isEqualTo(expected.size());
        int start = 0;
        for (int line = 0; line < lines; line++) {
            assertThat(benchmark.lines.starts[line]).isEqualTo(start);
            assertThat((char) benchmark.lines.letters[line])
                    .isEqualTo(expected.get(line).charAt(0));
            start += expected.get(line).length() + 2;
        }
    }

    @Test
    void shouldIndexLinesOfEveryLengthAndALastOneWithoutEnd() {
        LineIndex index = new LineIndex(16);

        int lines = index.fill("a\n\nbc\nde\u000Bfghijklm\nn\no".getBytes(StandardCharsets.US_ASCII));

        assertThat(lines).isEqualTo(6);
        List<Integer> starts = new ArrayList<>();
        StringBuilder letters = new StringBuilder();
        for (int line = 0; line < lines; line++) {
            starts.add(index.starts[line]);
            letters.append((char) index.letters[line]);
        }
        assertThat(starts).containsExactly(0, 2, 3, 6, 18, 20);
        assertThat(letters).hasToString("a\nbdno");
    }

    @ParameterizedTest
    @EnumSource
    void shouldFillHostileBodiesToTheSizeTheyClaim(HostileBody hostile) {
        byte[] body = hostile.bytes();

        assertThat(body).hasSize(64 * 1024).doesNotContain(0);
    }

    /** Else a body might be turned away at once, and never reach the code it is meant for. */
    @ParameterizedTest
    @EnumSource
    void shouldAnswerHostileBodiesAsIntended(HostileBody hostile) {
        HostileBodyBenchmark benchmark = new HostileBodyBenchmark();
        benchmark.hostile = hostile;
        benchmark.makeBody();

        int answer = benchmark.answer();

        if (WITHOUT_SDP.contains(hostile)) {
            assertThat(answer).isEqualTo(HostileBodyBenchmark.NO_SDP);
            byte[] body = hostile.bytes();
            assertThat(SdpBody.find(hostile.contentType(), body, 0, body.length).reason())
                    .doesNotContain("boundary");
        } else if (REFUSED.contains(hostile)) {
            assertThat(answer).isEqualTo(HostileBodyBenchmark.REFUSED);
        } else {
            assertThat(answer).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldMakeAndRewriteBodiesOfEverySize(SizedBody shape) {
        for (int bytes = 256; bytes <= 64 * 1024; bytes *= 2) {
            SdpSizeBenchmark benchmark = new SdpSizeBenchmark();
            benchmark.shape = shape;
            benchmark.bytes = bytes;
            benchmark.makeBody();

            int length = benchmark.rewrite();

            assertThat(benchmark.body).hasSize(bytes);
            List<Place> before = places(text(benchmark.body));
            List<Place> after = places(text(Arrays.copyOf(benchmark.target, length)));
            assertThat(after).hasSameSizeAs(before).hasSizeBetween(1, SizedBody.STREAMS);
            for (int stream = 0; stream < after.size(); stream++) {
                assertThat(after.get(stream).port()).isEqualTo(50000 + 2 * stream);
                assertThat(after.get(stream).address()).isEqualTo("IN IP4 " + SampleCall.RELAY);
            }
        }
    }

    private static SdpRewriteBenchmark benchmark(String sample) {
        SdpRewriteBenchmark benchmark = new SdpRewriteBenchmark();
        benchmark.sample = sample;
        benchmark.readSample();
        return benchmark;
    }

    private static String rewritten(SdpRewriteBenchmark benchmark) {
        int length = benchmark.rewrite();
        return text(Arrays.copyOf(benchmark.target, length));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Where one stream's media goes. */
    private record Place(String type, int port, String address, String rtcp) {
        Place withAddress(String other) {
            return new Place(type, port, other, rtcp);
        }

        Place withRtcp(String other) {
            return new Place(type, port, address, other);
        }
    }

    /** Reads SDP line by line, so simply that it cannot share a fault with what it checks. */
    private static List<Place> places(String sdp) {
        String sessionAddress = "none";
        List<Place> places = new ArrayList<>();
        for (String line : sdp.lines().toList()) {
            int last = places.size() - 1;
            if (line.startsWith("m=")) {
                String[] tokens = line.substring(2).split(" ", -1);
                places.add(new Place(tokens[0], Integer.parseInt(tokens[1]), sessionAddress, "none"));
            } else if (line.startsWith("c=")) {
                String address = line.substring(2);
                if (last < 0) {
                    sessionAddress = address;
                } else {
                    places.set(last, places.get(last).withAddress(address));
                }
            } else if (line.startsWith("a=rtcp:")) {
                places.set(last, places.get(last).withRtcp(line.substring("a=rtcp:".length())));
            }
        }
        return places;
    }
}

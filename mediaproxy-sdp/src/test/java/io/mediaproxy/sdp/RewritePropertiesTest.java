package io.mediaproxy.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.mediaproxy.conformance.ConformanceVector;
import io.mediaproxy.sdp.SdpEdits.Explanation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Invariants of every body: those of the conformance vectors, and thousands made from them by seeded mutation. */
class RewritePropertiesTest {
    private static final String RELAY_ADDRESS = "81.23.228.129";
    private static final RelayEndpoints RELAY = RelayEndpoints.of(
            RELAY_ADDRESS, IntStream.range(0, 32).map(i -> 50000 + 4 * i).toArray());
    private static final RelayEndpoints FEW_PORTS = RelayEndpoints.of(RELAY_ADDRESS, 50000, 0);

    private static final int MUTANTS_EACH = 20;
    private static final byte[] PIECES =
            "\r\n\n\t v=m=c=a=i=/1 0 9RTPudp:.sendonly".getBytes(StandardCharsets.US_ASCII);

    /** Bodies that parse. */
    private static final List<byte[]> BODIES = new ArrayList<>();

    private static int refused;

    @BeforeAll
    static void makeBodies() {
        SplittableRandom random = new SplittableRandom(8866);
        for (ConformanceVector vector : ConformanceVector.all()) {
            byte[] body = vector.body();
            if (body.length > 0 && keep(body) && body.length < 2000) {
                for (int i = 0; i < MUTANTS_EACH; i++) {
                    keep(mutate(body, random));
                }
            }
        }
        // Most mutants have to be SDP, so that they reach the rewriter, and some must not be.
        assertThat(BODIES).hasSizeGreaterThan(5000);
        assertThat(refused).isGreaterThan(500);
    }

    private static boolean keep(byte[] body) {
        try {
            parse(body, 0);
            BODIES.add(body);
            return true;
        } catch (SdpSyntaxException e) {
            refused++;
            return false;
        }
    }

    /** Some bytes changed, taken out, put in, or a run of lines moved. */
    private static byte[] mutate(byte[] body, SplittableRandom random) {
        byte[] mutant = body.clone();
        for (int change = random.nextInt(4); change >= 0; change--) {
            int at = random.nextInt(mutant.length);
            int piece = random.nextInt(PIECES.length);
            switch (random.nextInt(4)) {
                case 0 -> mutant[at] = PIECES[piece];
                case 1 -> mutant = splice(mutant, at, Math.min(mutant.length, at + 1 + random.nextInt(3)), new byte[0]);
                case 2 ->
                    mutant = splice(
                            mutant, at, at, Arrays.copyOfRange(PIECES, piece, Math.min(PIECES.length, piece + 3)));
                default -> {
                    byte[] lines = Arrays.copyOfRange(mutant, at, Math.min(mutant.length, at + 60));
                    mutant = splice(mutant, random.nextInt(mutant.length), -1, lines);
                }
            }
            if (mutant.length == 0) {
                return body;
            }
        }
        return mutant;
    }

    private static byte[] splice(byte[] body, int from, int to, byte[] added) {
        int end = to < 0 ? from : to;
        byte[] result = Arrays.copyOf(body, body.length - (end - from) + added.length);
        System.arraycopy(added, 0, result, from, added.length);
        System.arraycopy(body, end, result, from + added.length, body.length - end);
        return result;
    }

    @ParameterizedTest
    @EnumSource(IceCandidate.class)
    void shouldKeepEveryByteOutsideTheEdits(IceCandidate candidate) {
        for (byte[] body : BODIES) {
            for (RelayEndpoints relay : List.of(RELAY, FEW_PORTS)) {
                SdpEdits edits = SdpRewriter.plan(parse(body, 0), relay, candidate);
                assertThat(text(edits.toByteArray())).as(text(body)).isEqualTo(applied(text(body), edits.explain()));
            }
        }
    }

    /** Applies the explained edits to text one after the other: slow and plain. */
    private static String applied(String body, List<Explanation> explanations) {
        StringBuilder result = new StringBuilder();
        int from = 0;
        for (Explanation e : explanations) {
            int at = e.offset();
            assertThat(body.substring(0, at).chars().filter(c -> c == '\n').count())
                    .isBetween(e.line() - 2L, e.line() - 1L);
            assertThat(body.substring(at)).startsWith(e.before());
            result.append(body, from, at);
            from = at + e.before().length();
            if (e.before().isEmpty()) {
                result.append(insertion(e.after(), body.substring(0, at), body));
            } else if (e.after().isEmpty()) {
                int next = body.indexOf('\n', from) + 1;
                from += lineEnd(body.substring(from, next > 0 ? next : body.length()))
                        .length();
            } else {
                result.append(e.after());
            }
        }
        return result.append(body.substring(from)).toString();
    }

    /** Added lines end as the line does that opens their stream: m=, or i= where it follows. */
    private static String insertion(String added, String before, String body) {
        List<String> lines = linesWithEnds(before);
        int opening = lines.size() - 1;
        while (!lines.get(opening).startsWith("m=")) {
            opening--;
        }
        if (opening + 1 < lines.size() && lines.get(opening + 1).startsWith("i=")) {
            opening++;
        }
        String own = lineEnd(lines.get(opening));
        return own.isEmpty() ? lineEnd(linesWithEnds(body).get(0)) + added : added + own;
    }

    private static String lineEnd(String line) {
        return line.endsWith("\r\n") ? "\r\n" : line.endsWith("\n") ? "\n" : "";
    }

    private static List<String> linesWithEnds(String body) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        for (int at = body.indexOf('\n'); at >= 0; at = body.indexOf('\n', start)) {
            lines.add(body.substring(start, at + 1));
            start = at + 1;
        }
        if (start < body.length()) {
            lines.add(body.substring(start));
        }
        return lines;
    }

    @ParameterizedTest
    @EnumSource(IceCandidate.class)
    void shouldGatherTheSameBytesThatItWrites(IceCandidate candidate) {
        for (byte[] body : BODIES) {
            SdpEdits edits = SdpRewriter.plan(parse(body, 0), RELAY, candidate);
            ByteBuffer joined = ByteBuffer.allocate(edits.length());
            for (ByteBuffer slice : edits.gather()) {
                joined.put(slice);
            }
            assertThat(joined.array()).isEqualTo(edits.toByteArray());
        }
    }

    @ParameterizedTest
    @EnumSource(IceCandidate.class)
    void shouldPlanNoEditForARewrittenBody(IceCandidate candidate) {
        for (byte[] body : BODIES) {
            for (RelayEndpoints relay : List.of(RELAY, FEW_PORTS)) {
                byte[] once = SdpRewriter.plan(parse(body, 0), relay, candidate).toByteArray();
                SdpEdits again = SdpRewriter.plan(parse(once, 0), relay, candidate);
                assertThat(again.explain()).as(text(body)).isEmpty();
            }
        }
    }

    @Test
    void shouldWriteThePlannedAddressesAndPorts() {
        for (byte[] body : BODIES) {
            SdpIndex before = parse(body, 0);
            SdpIndex after =
                    parse(SdpRewriter.plan(before, RELAY, IceCandidate.NONE).toByteArray(), 0);
            assertThat(after.streamCount()).isEqualTo(before.streamCount());
            int place = 0;
            for (int stream = 0; stream < before.streamCount(); stream++) {
                assertThat(after.isSupported(stream)).isEqualTo(before.isSupported(stream));
                assertThat(after.isLeftAlone(stream)).isEqualTo(before.isLeftAlone(stream));
                if (before.isSupported(stream)) {
                    assertThat(after.direction(stream)).isEqualTo(before.direction(stream));
                    assertThat(after.hasIce(stream)).isEqualTo(before.hasIce(stream));
                    assertPlanned(before, after, stream, RELAY.port(place++));
                }
            }
        }
    }

    private static void assertPlanned(SdpIndex before, SdpIndex after, int stream, int relayPort) {
        if (before.isLeftAlone(stream)) {
            assertThat(after.address(stream)).isEqualTo(before.address(stream));
            assertThat(after.addressType(stream)).isEqualTo(before.addressType(stream));
            assertThat(after.port(stream)).isEqualTo(before.port(stream));
            return;
        }
        boolean onHold = before.mediaAddress(stream).equals("0.0.0.0");
        boolean placeholder = before.port(stream) == 9 && before.hasIce(stream);
        assertThat(after.port(stream)).isEqualTo(before.port(stream) == 0 ? 0 : relayPort);
        if (before.port(stream) != 0 && !(onHold && placeholder)) {
            assertThat(after.address(stream)).isEqualTo(onHold ? before.address(stream) : RELAY_ADDRESS);
            assertThat(after.addressType(stream)).isEqualTo(onHold ? before.addressType(stream) : "IP4");
            assertThat(after.mediaAddress(stream)).isEqualTo(onHold ? "0.0.0.0" : RELAY_ADDRESS);
        }
    }

    @Test
    void shouldRewriteTheSameAtAnyOffset() {
        byte[] poison = "\nm=poison 9 RTP/AVP\nv=0\n".getBytes(StandardCharsets.US_ASCII);
        for (byte[] body : BODIES) {
            byte[] expected = SdpRewriter.plan(parse(body, 0), RELAY, IceCandidate.LOW_PRIORITY)
                    .toByteArray();
            for (int offset : new int[] {1, 7}) {
                byte[] poisoned = new byte[offset + body.length + poison.length];
                System.arraycopy(poison, poison.length - offset, poisoned, 0, offset);
                System.arraycopy(body, 0, poisoned, offset, body.length);
                System.arraycopy(poison, 0, poisoned, offset + body.length, poison.length);
                byte[] before = poisoned.clone();
                SdpIndex index = new SdpIndex();
                index.parse(poisoned, offset, body.length);

                assertThat(SdpRewriter.plan(index, RELAY, IceCandidate.LOW_PRIORITY)
                                .toByteArray())
                        .isEqualTo(expected);
                assertThat(poisoned).isEqualTo(before);
            }
        }
    }

    @Test
    void shouldThrowOnlySdpSyntaxExceptionOnRandomBytes() {
        SplittableRandom random = new SplittableRandom(4566);
        for (int round = 0; round < 20_000; round++) {
            byte[] noise = new byte[random.nextInt(120)];
            for (int i = 0; i < noise.length; i++) {
                noise[i] = random.nextInt(4) == 0 ? (byte) random.nextInt(256) : PIECES[random.nextInt(PIECES.length)];
            }
            assertThatCode(() -> keep(noise)).doesNotThrowAnyException();
        }
    }

    private static SdpIndex parse(byte[] body, int offset) {
        SdpIndex index = new SdpIndex();
        index.parse(body, offset, body.length - offset);
        return index;
    }

    private static String text(byte[] body) {
        return new String(body, StandardCharsets.US_ASCII);
    }
}

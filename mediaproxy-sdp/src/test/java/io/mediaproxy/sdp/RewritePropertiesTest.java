package io.mediaproxy.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.mediaproxy.conformance.ConformanceVector;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Invariants of every body: those of the conformance vectors, and thousands made from them by seeded mutation. */
class RewritePropertiesTest {
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
            RewriteInvariants.parse(body, 0);
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
        BODIES.forEach(body -> RewriteInvariants.keepsEveryByteOutsideTheEdits(body, candidate));
    }

    @ParameterizedTest
    @EnumSource(IceCandidate.class)
    void shouldGatherTheSameBytesThatItWrites(IceCandidate candidate) {
        BODIES.forEach(body -> RewriteInvariants.gathersTheSameBytesThatItWrites(body, candidate));
    }

    @ParameterizedTest
    @EnumSource(IceCandidate.class)
    void shouldPlanNoEditForARewrittenBody(IceCandidate candidate) {
        BODIES.forEach(body -> RewriteInvariants.plansNoEditForARewrittenBody(body, candidate));
    }

    @Test
    void shouldWriteThePlannedAddressesAndPorts() {
        BODIES.forEach(RewriteInvariants::writesThePlannedAddressesAndPorts);
    }

    @Test
    void shouldRewriteTheSameAtAnyOffset() {
        BODIES.forEach(RewriteInvariants::rewritesTheSameAtAnyOffset);
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
}

package io.mediaproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class RendezvousHashTest {
    private static final int CALLS = 20_000;

    @ParameterizedTest
    @CsvFileSource(resources = "/rendezvous.csv")
    void shouldChooseAsEveryOtherServer(
            String path, String callId, double weight, String hash, double unit, double score) {
        RendezvousHash of = new RendezvousHash(path);

        assertThat(Long.toHexString(of.hash(callId))).isEqualTo(Long.toHexString(Long.parseUnsignedLong(hash, 16)));
        assertThat(RendezvousHash.unit(of.hash(callId))).isEqualTo(unit);
        assertThat(of.score(callId, weight)).isCloseTo(score, within(score * 1e-12));
    }

    @Test
    void shouldKeepTheUnitBetweenZeroAndOne() {
        assertThat(RendezvousHash.unit(0)).isPositive();
        assertThat(RendezvousHash.unit(-1)).isLessThan(1);
        assertThat(-1 / Math.log(RendezvousHash.unit(0))).isPositive();
    }

    private static int best(List<RendezvousHash> hashes, List<Integer> weights, String callId) {
        int best = 0;
        for (int i = 1; i < hashes.size(); i++) {
            if (hashes.get(i).score(callId, weights.get(i)) > hashes.get(best).score(callId, weights.get(best))) {
                best = i;
            }
        }
        return best;
    }

    @Test
    void shouldShareCallsByWeightAndMoveOnlyThoseOfADispatcherThatLeaves() {
        List<RendezvousHash> three =
                List.of(new RendezvousHash("/a"), new RendezvousHash("/b"), new RendezvousHash("/c"));
        List<Integer> weights = List.of(1, 2, 1);
        int[] calls = new int[3];
        for (int i = 0; i < CALLS; i++) {
            String callId = i + "@192.0.2.1"; // similar ones, as a phone makes them
            int best = best(three, weights, callId);
            calls[best]++;
            if (best != 2) {
                assertThat(best(three.subList(0, 2), weights, callId)).isEqualTo(best);
            }
        }

        assertThat((double) calls[0] / CALLS).isCloseTo(0.25, within(0.01));
        assertThat((double) calls[1] / CALLS).isCloseTo(0.5, within(0.01));
    }
}

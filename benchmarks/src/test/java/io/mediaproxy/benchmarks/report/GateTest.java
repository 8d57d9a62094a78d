package io.mediaproxy.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class GateTest {
    @Test
    void shouldLetARunThroughThatIsFastAndAllocatesNothing() throws Exception {
        assertThat(Gate.check(run(200, 0.001, 4400))).isEmpty();
    }

    @Test
    void shouldCatchARewriteThatIsSlowerByAFactorOfTwo() throws Exception {
        assertThat(Gate.check(run(320, 0.001, 4400)))
                .containsExactly("rewrite of audio is 13.75 times as fast as jainSdp, not 15.0");
    }

    @Test
    void shouldCatchARewriteThatAllocatesOrOfWhichThatIsNotKnown() throws Exception {
        assertThat(Gate.check(run(200, 24, 4400))).containsExactly("rewrite of audio allocates 24.0 bytes");
        JsonNode unknown =
                new ObjectMapper().readTree(run(200, 24, 4400).toString().replace("gc.alloc.rate.norm", "gc.time"));
        assertThat(Gate.check(unknown)).containsExactly("rewrite of audio allocates NaN bytes");
    }

    @Test
    void shouldNotTakeNothingForGood() throws Exception {
        assertThat(Gate.check(new ObjectMapper().readTree("[]")))
                .containsExactly("rewrite was measured for [] and jainSdp for []");
    }

    private static JsonNode run(double rewrite, double bytes, double jainSdp) throws JsonProcessingException {
        return new ObjectMapper()
                .readTree("[" + entry("rewrite", rewrite, bytes) + "," + entry("jainSdp", jainSdp, 9000) + "]");
    }

    private static String entry(String method, double score, double bytes) {
        return String.format(
                Locale.ROOT,
                "{\"benchmark\":\"io.mediaproxy.benchmarks.SdpRewriteBenchmark.%s\","
                        + "\"params\":{\"sample\":\"audio\"},"
                        + "\"primaryMetric\":{\"score\":9999,"
                        + "\"rawData\":[[9999],[%f, 9999]],\"scoreError\":1,\"scoreUnit\":\"ns/op\"},"
                        + "\"secondaryMetrics\":{\"gc.alloc.rate.norm\":{\"score\":%f}}}",
                method,
                score,
                bytes);
    }
}

package io.mediaproxy.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    private final Path folder;

    ReportTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void shouldShowEachBenchmarkAsATableWithItsChartAndTheRatiosOfTheRewrite() throws IOException {
        Path json = json(
                entry("SdpRewriteBenchmark", "rewrite", "sample", "audio", 200, "ns/op"),
                entry("SdpRewriteBenchmark", "jainSdp", "sample", "audio", 5000, "ns/op"),
                entry("SdpRewriteBenchmark", "lineIndexFloor", "sample", "audio", 70, "ns/op"),
                entry("SdpRewriteBenchmark", "copyFloor", "sample", "audio", 10, "ns/op"),
                entry("SdpSizeBenchmark", "rewrite", "bytes\":\"1024\",\"shape", "MORE_STREAMS", 900, "ns/op"),
                entry("SdpSizeBenchmark", "rewrite", "bytes\":\"2048\",\"shape", "MORE_STREAMS", 1800, "ns/op"),
                entry("Commands", "embedded dispatcher", "connections", "1", 20_000, "commands/s"),
                entry("Commands", "embedded dispatcher", "connections", "4", 40_000, "commands/s"));

        Report.main(new String[] {folder.resolve("out").toString(), "benchmarks/run.sh", json.toString()});

        String page = Files.readString(folder.resolve("out/README.md"));
        assertThat(page.lines())
                .contains(
                        "## `SdpRewriteBenchmark`",
                        "| `rewrite` (ns/op) | 200.0 ± 1.50 |",
                        "| `jainSdp` (ns/op) | 5,000 ± 1.50 |",
                        "| `jainSdp / rewrite` (times) | 25.00 |",
                        "| `rewrite / (lineIndexFloor + copyFloor)` (times) | 2.50 |",
                        "|  | 1 | 4 |")
                .anyMatch(line -> line.startsWith("Made by `benchmarks/run.sh`."))
                .anyMatch(line -> line.startsWith("| JVM | "))
                .anyMatch(line -> line.endsWith("](rewrite.svg)"));
        for (String chart : List.of("rewrite.png", "rewrite.svg", "size.svg", "dispatchers.png", "dispatchers.svg")) {
            assertThat(folder.resolve("out").resolve(chart)).isNotEmptyFile();
        }
    }

    private Path json(String... entries) throws IOException {
        return Files.writeString(
                folder.resolve("run.json"), Stream.of(entries).collect(Collectors.joining(",", "[", "]")));
    }

    private static String entry(
            String benchmark, String method, String parameter, String value, double score, String unit) {
        return String.format(
                Locale.ROOT,
                "{\"benchmark\":\"io.mediaproxy.benchmarks.%s.%s\",\"params\":{\"%s\":\"%s\"},"
                        + "\"primaryMetric\":{\"score\":%f,\"scoreError\":1.5,\"scoreUnit\":\"%s\"}}",
                benchmark,
                method,
                parameter,
                value,
                score,
                unit);
    }
}

package io.mediaproxy.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

class ReportTest {
    private final Path folder;
    private final List<String> entries = new ArrayList<>();

    ReportTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void shouldBeginWithTheRatiosOfTheRewrite() throws IOException {
        rewrite("audio", 200);
        rewrite("webrtc", 1000);

        assertThat(page()).startsWith("""
                        # Benchmarks on JDK %d

                        |  | audio | webrtc |
                        | --- | ---: | ---: |
                        | mediaproxy, ns for a body | 200 | 1,000 |
                        | times as fast as JAIN-SDP | 25 | 5.0 |
                        | times the floors (line index, and copy) | 2.5 | 13 |

                        Made by `benchmarks/run.sh`. \
                        """.formatted(Runtime.version().feature()));
    }

    @Test
    void shouldShowTheRewriteAsATableWithOursFirstAndAsAChart() throws IOException {
        rewrite("audio", 200);

        assertThat(page()).contains("""
                        ## One SDP body through a relay

                        ![One SDP body through a relay: ns, logarithmic](rewrite.svg)

                        `SdpRewriteBenchmark`:

                        |  | audio |
                        | --- | ---: |
                        | `rewrite` (ns) | 200 ± 1.50 |
                        | `jainSdp` (ns) | 5,000 ± 1.50 |
                        | `lineIndexFloor` (ns) | 70 ± 1.50 |
                        | `copyFloor` (ns) | 10 ± 1.50 |
                        """).contains("- JVM: ");
        shouldBeDrawn("rewrite");
    }

    @Test
    void shouldShowSizesByTheByteAndSayHowFarFromFlatTheyAre() throws IOException {
        for (int bytes : new int[] {256, 512, 1024, 2048, 4096}) {
            add("SdpSizeBenchmark", "rewrite", "bytes\":\"" + bytes + "\",\"shape", "MORE_STREAMS", bytes, "ns/op");
        }
        add("SdpSizeBenchmark", "rewrite", "bytes\":\"256\",\"shape", "MORE_CANDIDATES", 1024, "ns/op");
        add("SdpSizeBenchmark", "rewrite", "bytes\":\"1024\",\"shape", "MORE_CANDIDATES", 1024, "ns/op");
        add("SdpSizeBenchmark", "rewrite", "bytes\":\"2048\",\"shape", "MORE_CANDIDATES", 3072, "ns/op");
        add("HostileBodyBenchmark", "answer", "hostile", "LINE_FEEDS", 65.536, "us/op");

        assertThat(page())
                .contains("""
                        | bytes | `rewrite`, MORE_STREAMS (ns/byte) | `rewrite`, MORE_CANDIDATES (ns/byte) |
                        | --- | ---: | ---: |
                        | 256 | 1 ± 0.01 | 4 ± 0.01 |
                        | 512 | 1 ± 0.00 |  |
                        | 1024 | 1 ± 0.00 | 1 ± 0.00 |
                        """)
                .contains("least expensive byte is 1.50 (MORE_CANDIDATES), 1 (MORE_STREAMS).")
                .contains("| 2048 | 2,048 ± 1.50 | 3,072 ± 1.50 |");
        shouldBeDrawn("size");
    }

    @Test
    void shouldShowManyValuesOfOneParameterBelowEachOther() throws IOException {
        for (String body : List.of("A", "B", "C", "D", "E")) {
            add("HostileBodyBenchmark", "answer", "hostile", body, 2, "us/op");
        }

        assertThat(page()).contains("""
                        ## Hostile bodies of 64 KiB

                        `HostileBodyBenchmark`:

                        | hostile | `answer` (µs) |
                        | --- | ---: |
                        | A | 2 ± 1.50 |
                        """);
    }

    @Test
    void shouldDivideTheTimeOfAMessageIntoItsParts() throws IOException {
        message("rawMessage", 50);
        message("rawMessageParse", 1);
        message("rawMessageContent", 3);
        message("pkts", 60);
        message("pktsParse", 4);
        message("jainSip", 100);
        message("jainParse", 20);
        message("jainParseAndEncode", 35);
        message("roundTrip", 30);
        message("sdpRewrite", 0.5);

        assertThat(page()).contains("""
                        | µs | without a stack | pkts | JAIN-SIP |
                        | --- | ---: | ---: | ---: |
                        | read the message | 1 (2 %) | 4 (7 %) | 20 (20 %) |
                        | the command and its round trip | 30 (60 %) | 30 (50 %) | 30 (30 %) |
                        | read and rewrite the SDP | 0.50 (1 %) | 0.50 (1 %) | 0.50 (1 %) |
                        | write the message (difference: read and write, minus read) \
                        | 2 (4 %) | in the rest | 15 (15 %) |
                        | the rest (difference: total minus the above) | 16.50 (33 %) | 25.50 (43 %) | 34.50 (35 %) |
                        | total | 50 (100 %) | 60 (100 %) | 100 (100 %) |
                        """);
    }

    @Test
    void shouldLeaveThePartsOutWhereOneOfThemIsMissing() throws IOException {
        message("rawMessage", 50);
        message("rawMessageParse", 1);

        assertThat(page()).contains("| `rawMessage` (µs) | 50 ± 1.50 |").doesNotContain("| total |");
    }

    @Test
    void shouldDrawALineForEachDispatcherAndABarForEachProxy() throws IOException {
        for (String connections : List.of("1", "4")) {
            add("Commands", "embedded dispatcher", "connections", connections, 20_000, "commands/s");
            add("Commands", "embedded dispatcher, CPU", "connections", connections, 70.25, "us/command");
        }
        add("Calls", "calls held", "proxy", "kamailio", 1500, "calls/s");

        assertThat(page()).contains("""
                        |  | 1 | 4 |
                        | --- | ---: | ---: |
                        | embedded dispatcher (commands/s) | 20,000 ± 1.50 | 20,000 ± 1.50 |
                        | embedded dispatcher, CPU (µs/command) | 70.25 ± 1.50 | 70.25 ± 1.50 |
                        """).contains("| calls held (calls/s) | 1,500 ± 1.50 |");
        shouldBeDrawn("dispatchers");
        shouldBeDrawn("calls");
    }

    @Test
    void shouldShowTheSpreadOfTheRounds() throws IOException {
        proxies(calls("calls held", "kamailio", 1500, 1400, 1600), calls("calls held", "pkts", 3000, 2900, 3100));

        assertThat(page()).contains("""
                        |  | kamailio | pkts |
                        | --- | ---: | ---: |
                        | calls held (calls/s) | 1,500 (1,400 to 1,600) | 3,000 (2,900 to 3,100) |
                        """);
    }

    @Test
    void shouldDrawTheCpuOfACallAtOneRate() throws IOException {
        Map<String, String> proxy = Map.of("proxy", "kamailio");
        proxies(new Measurement("Calls", "CPU of the proxy", proxy, 0.5, null, 0.4, 0.6, "ms/call"));

        assertThat(page()).contains("| CPU of the proxy (ms/call) | 0.50 (0.40 to 0.60) |");
        shouldBeDrawn("calls-cpu");
    }

    @Test
    void shouldShowTheGoodputOfEachStepAndDrawItOverTheOfferedLoad() throws IOException {
        proxies(
                overload("offered", "1.0 times the rate held", 1000, "calls/s"),
                overload("goodput", "1.0 times the rate held", 990, "calls/s"),
                overload("goodput, of the rate held", "1.0 times the rate held", 99, "%"),
                overload("offered", "2.0 times the rate held", 2000, "calls/s"),
                overload("goodput", "2.0 times the rate held", 900, "calls/s"));

        assertThat(page()).contains("""
                        |  | pkts |
                        | --- | ---: |
                        | 1.0 times the rate held: goodput (calls/s) | 990 |
                        | 1.0 times the rate held: goodput, of the rate held (%) | 99 |
                        | 2.0 times the rate held: goodput (calls/s) | 900 |
                        """);
        shouldBeDrawn("overload");
    }

    @Test
    void shouldWarnOfEachConditionThatIsNotMet() throws IOException {
        Map<String, String> machine = Map.of("machine", "2 cores, a processor");
        Map<String, String> proxy = Map.of("proxy", "pkts");
        proxies(
                new Measurement("Machine", Condition.LOAD.title(), machine, 1.25, null, ""),
                new Measurement("Machine", Condition.STEAL.title(), machine, 2, null, "%"),
                new Measurement("Warm-up", Condition.LAST_CHANGE.title(), proxy, 7, null, "%"));

        assertThat(page())
                .contains("| load average before the run | 1.25 |\n| steal during the run (%) | 2 |")
                .contains("- warning: the figures may not repeat, as the load average before the run of 2 cores, a "
                        + "processor is 1.25, more than 0.50\n")
                .contains("- warning: the figures may not repeat, as the last change of the CPU per call of pkts is 7, "
                        + "more than 5 %\n")
                .doesNotContain("the steal during the run");
    }

    @Test
    void shouldCompareTheCostOfManyCallsWithThatOfFew() throws IOException {
        add("EngagedCalls", "memory of a call", "calls", "1000", 1600, "B");
        add("EngagedCalls", "memory of a call", "calls", "100000", 1800, "B");

        assertThat(page())
                .contains("| memory of a call (B) | 1,600 ± 1.50 | 1,800 ± 1.50 |")
                .contains("With 100000 calls, as a multiple of 1000: memory of a call 1.13.");
    }

    @Test
    void shouldShowABenchmarkThatItDoesNotKnow() throws IOException {
        add("NewBenchmark", "method", "size", "1", 2, "ns/op");

        assertThat(page()).contains("## `NewBenchmark`\n\n|  | 1 |\n| --- | ---: |\n| `method` (ns) | 2 ± 1.50 |\n");
    }

    @Test
    void shouldShowTheMedianOfWhatWasSampled() throws IOException {
        entries.add("""
                {"benchmark":"io.mediaproxy.benchmarks.RoundTripBenchmark.clientAlone","mode":"sample","primaryMetric":
                {"score":45.5,"scoreError":1.5,"scoreUnit":"us/op",
                "scorePercentiles":{"0.0":9,"50.0":16.5,"99.0":80}}}""");

        assertThat(page()).contains("| `clientAlone, median` (µs) | 16.50 |\n| `clientAlone, 99 %` (µs) | 80 |\n");
    }

    @Test
    void shouldWriteTheFiguresForPrograms() throws IOException {
        add("HostileBodyBenchmark", "answer", "hostile", "A", 2, "us/op");

        assertThat(page()).contains("[figures.json](figures.json)");
        assertThat(folder.resolve("out").resolve("figures.json"))
                .content()
                .contains("\"command\" : \"benchmarks/run.sh\"", "\"JVM\" : \"")
                .contains("""
                          "figures" : [ {
                            "benchmark" : "HostileBodyBenchmark",
                            "method" : "answer",
                            "parameters" : {
                              "hostile" : "A"
                            },
                            "score" : 2.0,
                            "error" : 1.5,
                            "unit" : "us/op"
                          } ]
                        }""");
    }

    @Test
    void shouldReadTheMeasurementsOfAComparison() throws IOException {
        Path json = folder.resolve("calls.json");
        Map<String, String> proxy = Map.of("proxy", "kamailio");
        Measurement.write(json, List.of(new Measurement("Calls", "calls held", proxy, 1500, null, "calls/s")));

        Report.main(new String[] {folder.toString(), "benchmarks/run.sh", json.toString()});

        assertThat(folder.resolve("README.md")).content().contains("| calls held (calls/s) | 1,500 |");
    }

    @Test
    void shouldMakeTheSamePageFromItsFigures() throws IOException {
        rewrite("audio", 200);
        entries.add("""
                {"benchmark":"a.RoundTripBenchmark.clientAlone","mode":"sample","primaryMetric":
                {"scorePercentiles":{"50.0":16.5,"99.0":80},"scoreUnit":"us/op"}}""");
        String page = page();
        Path out = folder.resolve("out");
        String svg = Files.readString(out.resolve("rewrite.svg"));
        Files.delete(out.resolve("README.md"));

        Report.main(new String[] {out.toString()});

        assertThat(out.resolve("README.md")).hasContent(page);
        assertThat(out.resolve("rewrite.svg")).hasContent(svg);
    }

    @Test
    void shouldWriteNoDigitsThatWereNotMeasured() {
        assertThat(List.of(Table.number(0), Table.number(1234.56), Table.number(123.456), Table.number(-1234.4)))
                .containsExactly("0", "1,235", "123.5", "-1,234");
        assertThat(List.of(Table.number(0.126), Table.number(-12.341))).containsExactly("0.13", "-12.34");
    }

    @Test
    void shouldNameTheStepsOfAnAxisThatDoubles() {
        assertThat(List.of(Charts.power(0), Charts.power(9), Charts.power(10), Charts.power(16)))
                .containsExactly("1", "512", "1 Ki", "64 Ki");
        assertThat(List.of(Charts.power(0.5), Charts.power(-1))).containsOnly("");
    }

    /** The file has to be small, as it is kept with the sources. */
    private void shouldBeDrawn(String chart) throws IOException {
        Path svg = folder.resolve("out").resolve(chart + ".svg");
        assertThat(svg).content().endsWith("</svg>\n").doesNotContainPattern("[0-9][.][0-9]{2}");
        assertThat(Files.size(svg)).isLessThan(100_000);
        assertThatCode(() -> parse(svg)).as("XML for a browser").doesNotThrowAnyException();
    }

    private static void parse(Path svg) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        Document unused = factory.newDocumentBuilder().parse(svg.toFile());
    }

    private void proxies(Measurement... measurements) throws IOException {
        Path json = folder.resolve("measurements.json");
        Measurement.write(json, List.of(measurements));
        String array = Files.readString(json).strip();
        entries.add(array.substring(1, array.length() - 1));
    }

    private static Measurement calls(String method, String proxy, double median, double lowest, double highest) {
        return new Measurement("Calls", method, Map.of("proxy", proxy), median, null, lowest, highest, "calls/s");
    }

    private static Measurement overload(String method, String load, double score, String unit) {
        return new Measurement("Overload", method, Map.of("proxy", "pkts", "load", load), score, null, unit);
    }

    private void rewrite(String sample, double nanos) {
        add("SdpRewriteBenchmark", "copyFloor", "sample", sample, 10, "ns/op");
        add("SdpRewriteBenchmark", "jainSdp", "sample", sample, 5000, "ns/op");
        add("SdpRewriteBenchmark", "lineIndexFloor", "sample", sample, 70, "ns/op");
        add("SdpRewriteBenchmark", "rewrite", "sample", sample, nanos, "ns/op");
    }

    private void message(String method, double micros) {
        add("UseMediaProxyBenchmark", method, "", "", micros, "us/op");
    }

    private String page() throws IOException {
        Path json = Files.writeString(folder.resolve("run.json"), "[" + String.join(",", entries) + "]");
        Path out = folder.resolve("out");
        Report.main(new String[] {out.toString(), "benchmarks/run.sh", json.toString()});
        return Files.readString(out.resolve("README.md"));
    }

    private void add(String benchmark, String method, String parameter, String value, double score, String unit) {
        String parameters = parameter.isEmpty() ? "" : "\"" + parameter + "\":\"" + value + "\"";
        entries.add(String.format(
                Locale.ROOT,
                "{\"benchmark\":\"io.mediaproxy.benchmarks.%s.%s\",\"params\":{%s},"
                        + "\"primaryMetric\":{\"score\":%f,\"scoreError\":1.5,\"scoreUnit\":\"%s\"}}",
                benchmark,
                method,
                parameters,
                score,
                unit));
    }
}

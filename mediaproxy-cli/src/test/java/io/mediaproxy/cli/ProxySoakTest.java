package io.mediaproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.cli.ProxyLoad.Outcome;
import io.mediaproxy.examples.sipp.GrowingFile;
import io.mediaproxy.examples.sipp.Sipp;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Makes calls for half an hour through a proxy with a heap of 128 MB, at seven tenths of the rate that it holds on this
 * machine. No call may fail or go without a relay, and the heap, the descriptors and the times to answer have to stay
 * as they are. Prints a line a minute. Needs sipp, and a machine that does little else; {@code -Psoak} runs it.
 * {@code -Dproxy.rate} gives the rate that is held, {@code -Dproxy.soak} the seconds, {@code -Dproxy.stack} one of the
 * stacks.
 */
@Tag("soak")
@Timeout(value = 12, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProxySoakTest {
    private static final int SECONDS = Integer.getInteger("proxy.soak", 1800);
    /** A minute, or less in a run of less than half an hour. */
    private static final int SAMPLE_SECONDS = Math.max(10, Math.min(60, SECONDS / 30));

    private static final int SAMPLES = SECONDS / SAMPLE_SECONDS;
    private static final int SECOND_THIRD = SAMPLES * 2 / 3;

    private static final double SHARE_OF_HELD = 0.7;
    /** The medians of the last third of the time, at most, as shares of those of the second third. */
    private static final double FLAT = 1.1;

    /**
     * The live heap at the end, at most, as a share of that at the end of the second third. What other collections
     * leave is no measure: it grows until one of them looks at the old objects.
     */
    private static final double FLAT_HEAP = 1.2;

    /** The steps of the clock of sipp, which measures the times to answer. */
    private static final double STEP_MILLIS = 4;

    private static final Pattern COLLECTION = Pattern.compile("Pause .*->([0-9]+)M\\(");
    private static final int NOT_KNOWN = -1;
    private static final int WARM_UP_SECONDS = 20;
    private static final String COLLECTIONS = "-gc.log";
    private static final String LOG = "-errors.log";

    /** The figures of one minute. {@code heapMegabytes} is the least after a collection. */
    private record Sample(
            Duration at,
            double calls,
            double failed,
            double sentAgain,
            double heapMegabytes,
            double descriptors,
            double p50,
            double p99,
            double slowest) {
        static final String NAMES =
                "   time    calls   failed sent again  heap MB descriptors   p50 ms   p99 ms   max ms";

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%4d:%02d %8.0f %8.0f %10.0f %8.0f %11.0f %8.1f %8.1f %8.1f",
                    at.toMinutes(),
                    at.toSecondsPart(),
                    calls,
                    failed,
                    sentAgain,
                    heapMegabytes,
                    descriptors,
                    p50,
                    p99,
                    slowest);
        }
    }

    /** Takes the samples of one run. */
    private static final class Samples {
        private final List<Sample> all = new ArrayList<>();
        private final GrowingFile collections;
        private Outcome last = new Outcome(0, 0, 0, 0, 0, 0, 0);

        /** @param collections the log of the garbage collector */
        Samples(Path collections) throws IOException {
            this.collections = new GrowingFile(collections);
            leastHeap(); // of what was before
        }

        Sample take(ServerProcess proxy, Sipp caller, int rate, Duration at) throws IOException {
            Outcome now = Outcome.of(caller, rate);
            double[] answers = caller.newAnswerMillis();
            Arrays.sort(answers);
            Sample sample = new Sample(
                    at,
                    now.calls() - last.calls(),
                    now.failed() - last.failed(),
                    now.sentAgain() - last.sentAgain(),
                    leastHeap(),
                    proxy.descriptors().orElse(NOT_KNOWN),
                    quantile(answers, 0.5),
                    quantile(answers, 0.99),
                    quantile(answers, 1));
            last = now;
            all.add(sample);
            return sample;
        }

        /** The least heap in use after the collections since the last call, in MB. */
        private double leastHeap() throws IOException {
            return collections.newLines().stream()
                    .map(COLLECTION::matcher)
                    .filter(Matcher::find)
                    .mapToDouble(line -> Double.parseDouble(line.group(1)))
                    .min()
                    .orElse(Double.NaN);
        }

        void assertFlat(String name, ToDoubleFunction<Sample> figure, double share, double more) {
            int size = all.size();
            double before = median(all.subList(size / 3, size * 2 / 3), figure);
            double after = median(all.subList(size * 2 / 3, size), figure);
            System.out.println("soak: " + name + ": " + before + " in the second third, " + after + " in the last");
            assertThat(after).as(name).isLessThanOrEqualTo(before * share + more);
        }

        void assertSameHeap() {
            double before = all.get(SECOND_THIRD - 1).heapMegabytes();
            double after = all.get(SAMPLES - 1).heapMegabytes();
            System.out.println("soak: live heap, MB: " + before + " after the second third, " + after + " at the end");
            assertThat(after).as("live heap, MB").isLessThanOrEqualTo(before * FLAT_HEAP);
        }

        private static double median(List<Sample> samples, ToDoubleFunction<Sample> figure) {
            return quantile(
                    samples.stream()
                            .mapToDouble(figure)
                            .filter(value -> !Double.isNaN(value)) // a minute without a collection
                            .sorted()
                            .toArray(),
                    0.5);
        }

        private static double quantile(double[] sorted, double share) {
            return sorted.length == 0 ? Double.NaN : sorted[(int) Math.ceil(share * sorted.length) - 1];
        }
    }

    static Stream<String> stacks() {
        return Stream.of(System.getProperty("proxy.stack", "pkts,jainsip").split(",", -1));
    }

    @ParameterizedTest
    @MethodSource("stacks")
    void shouldStayAsItIsForHalfAnHour(String stack, @TempDir Path directory) throws Exception {
        InetSocketAddress callee = ProxyLoad.freeAddress();
        try (Sipp answers = Sipp.callee(
                ProxyLoad.directory("callee", directory), ProxyLoad.MANY_CALLS, (call, to) -> {}, callee.getPort())) {
            int rate;
            // Not the one that is watched, where the last trial may leave calls that were given up.
            try (ServerProcess proxy = proxy(stack, callee, directory.resolve("searched"))) {
                rate = (int) (SHARE_OF_HELD
                        * new ProxyLoad(proxy, ProxyLoad.directory("search", directory)).rateThatIsHeld());
            }
            try (ServerProcess proxy = proxy(stack, callee, directory.resolve("soaked"))) {
                soak(stack, proxy, rate, directory);
            }
            System.out.println("soak: " + answers.summary());
        }
    }

    /** @param files the beginning of the names of its logs */
    private static ServerProcess proxy(String stack, InetSocketAddress callee, Path files) throws IOException {
        return new ServerProcess(
                List.of("-Xmx128m", "-Xlog:gc:file=" + files + COLLECTIONS + "::filecount=0"),
                ProcessBuilder.Redirect.to(Path.of(files + LOG).toFile()),
                "proxy",
                "--statistics-interval=0",
                "--embedded",
                "--stack=" + stack,
                "--next=" + callee.getAddress().getHostAddress() + ":" + callee.getPort());
    }

    private static void soak(String stack, ServerProcess proxy, int rate, Path directory) throws Exception {
        ProxyLoad load = new ProxyLoad(proxy, directory);
        load.run("warm-up", Math.max(1, rate / 4), WARM_UP_SECONDS);
        Samples samples = new Samples(directory.resolve("soaked" + COLLECTIONS));
        System.out.println("soak: " + stack + ": " + rate + " calls/s\n" + Sample.NAMES);
        Outcome outcome;
        try (Sipp caller = load.caller("soak", rate, SECONDS)) {
            long begin = System.nanoTime();
            for (int number = 1; number <= SAMPLES; number++) {
                int at = number * SAMPLE_SECONDS;
                long elapsed = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);
                caller.endsWithin(Math.max(0, at - elapsed));
                if (number == SECOND_THIRD || number == SAMPLES) {
                    proxy.collectGarbage();
                }
                System.out.println(samples.take(proxy, caller, rate, Duration.ofSeconds(at)));
            }
            caller.exitCode(ProxyLoad.PATIENCE_SECONDS); // its last calls
            outcome = Outcome.of(caller, rate);
        }
        List<String> lines = proxy.terminate();
        System.out.println("soak: " + stack + ": " + outcome + "; " + lines);

        assertThat(proxy.exitCode()).isEqualTo(143); // SIGTERM's
        assertThat(Files.readString(directory.resolve("soaked" + LOG))).doesNotContain("OutOfMemoryError");
        assertThat(Stream.of(outcome.failed(), outcome.refused(), outcome.unrelayed()))
                .as("%s", outcome)
                .containsOnly(0.0);
        assertThat(lines).singleElement().asString().contains(" up 0, sessions 0, ", ", half-relayed 0,");
        samples.assertSameHeap();
        samples.assertFlat("descriptors", Sample::descriptors, FLAT, 0);
        samples.assertFlat("p99 of the time to answer, ms", Sample::p99, FLAT, STEP_MILLIS);
    }
}

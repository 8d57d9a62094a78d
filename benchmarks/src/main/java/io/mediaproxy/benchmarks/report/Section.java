package io.mediaproxy.benchmarks.report;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The sections of the page, in its order. */
enum Section {
    BODY("SdpRewriteBenchmark", "One SDP body through a relay") {
        @Override
        void draw(Run run, Charts charts) throws IOException {
            Map<String, List<Double>> bars = new LinkedHashMap<>();
            int floors = 0;
            for (RewriteMethod method : RewriteMethod.values()) {
                List<Double> scores = method.scores(run);
                if (method != RewriteMethod.PARSE && !scores.stream().allMatch(score -> score.isNaN())) {
                    bars.put(method.title, scores);
                    floors += RewriteMethod.FLOORS.contains(method) ? 1 : 0;
                }
            }
            charts.bars("rewrite", title + ": ns, logarithmic", true, run.columns(benchmark), bars, floors);
        }

        @Override
        String tables(Run run) {
            return Table.of(
                    run.of(benchmark).stream().sorted(RewriteMethod.ORDER).toList());
        }
    },
    SIZE("SdpSizeBenchmark", "The cost of a byte over the size of the body") {
        @Override
        void draw(Run run, Charts charts) throws IOException {
            Map<String, List<Measurement>> lines = PerByte.of(run.of(benchmark)).stream()
                    .collect(groupingBy(
                            m -> m.parameter("shape").toLowerCase(Locale.ROOT).replace('_', ' '),
                            LinkedHashMap::new,
                            toList()));
            List<Measurement> hostile = run.of(HOSTILE.benchmark);
            if (!hostile.isEmpty()) {
                lines.put("hostile bodies", PerByte.ofHostile(hostile));
            }
            charts.lines("size", title + ": ns per byte, logarithmic", true, PerByte.BYTES, lines);
        }

        @Override
        String tables(Run run) {
            List<Measurement> perByte = PerByte.of(run.of(benchmark));
            return Table.of(perByte) + '\n' + PerByte.flatness(perByte) + '\n' + Table.of(run.of(benchmark));
        }
    },
    HOSTILE("HostileBodyBenchmark", "Hostile bodies of 64 KiB"),
    MESSAGE("UseMediaProxyBenchmark", "A SIP message through `use_media_proxy`") {
        @Override
        String tables(Run run) {
            return Table.of(run.of(benchmark)) + '\n' + MessageParts.of(run);
        }
    },
    ROUND_TRIP("RoundTripBenchmark", "From a command to its reply"),
    ENCODE("CommandEncodeBenchmark", "Writing a command"),
    PARSE("ReplyParseBenchmark", "Reading a reply"),
    ENGAGED_CALLS("EngagedCalls", "Many engaged calls") {
        @Override
        String tables(Run run) {
            List<String> columns = run.columns(benchmark);
            String first = columns.get(0);
            String last = columns.get(columns.size() - 1);
            return run.of(benchmark).stream()
                    .map(Measurement::method)
                    .distinct()
                    .map(it ->
                            it + ' ' + Table.number(run.score(benchmark, it, last) / run.score(benchmark, it, first)))
                    .collect(joining(
                            ", ",
                            Table.of(run.of(benchmark)) + "\nWith " + last + " calls, as a multiple of " + first + ": ",
                            ".\n"));
        }
    },
    COMMANDS("Commands", "Dispatchers compared") {
        @Override
        void draw(Run run, Charts charts) throws IOException {
            Map<String, List<Measurement>> lines = run.of(benchmark).stream()
                    .filter(m -> m.unit().equals("commands/s"))
                    .collect(groupingBy(Measurement::method, LinkedHashMap::new, toList()));
            charts.lines("dispatchers", "Commands per second over connections", false, "connections", lines);
        }
    },
    CALLS("Calls", "Calls through whole proxies") {
        @Override
        void draw(Run run, Charts charts) throws IOException {
            Map<String, List<Double>> cpu = run.of(benchmark).stream()
                    .filter(m -> m.unit().equals("ms/call"))
                    .map(Measurement::method)
                    .distinct()
                    .collect(toMap(it -> it, it -> run.scores(benchmark, it), (a, b) -> a, LinkedHashMap::new));
            if (!cpu.isEmpty()) {
                charts.bars("calls-cpu", "CPU of a call at one rate, in ms", false, run.columns(benchmark), cpu, 0);
            }
            String held = "calls held";
            Map<String, List<Double>> bars = Map.of(held, run.scores(benchmark, held));
            charts.bars("calls", "Highest rate in calls per second", false, run.columns(benchmark), bars, 0);
        }
    },
    COLD("Cold", "The first calls of a new proxy and dispatcher"),
    OVERLOAD("Overload", "More calls than a proxy holds") {
        @Override
        void draw(Run run, Charts charts) throws IOException {
            charts.curves(
                    "overload",
                    "Calls per second that complete with a relay, over the calls per second that are made",
                    OverloadSteps.curves(run.of(benchmark)));
        }

        @Override
        String tables(Run run) {
            return OverloadSteps.table(run.of(benchmark));
        }
    },
    RECOVERY("Recovery", "The rate that a proxy holds, after the overload"),
    WARM_UP("Warm-up", "The warm-up of the proxies"),
    MACHINE("Machine", "The machine during the comparison of proxies") {
        @Override
        String tables(Run run) {
            List<String> warnings = Condition.warnings(run.figures());
            return Table.of(run.of(benchmark))
                    + '\n'
                    + String.join("\n", warnings.stream().map(it -> "- " + it).toList());
        }
    };

    final String benchmark;
    final String title;

    Section(String benchmark, String title) {
        this.benchmark = benchmark;
        this.title = title;
    }

    /** Draws the charts of this section; by default none. */
    void draw(Run run, Charts charts) throws IOException {}

    /** Returns Markdown. */
    String tables(Run run) {
        return Table.of(run.of(benchmark));
    }
}

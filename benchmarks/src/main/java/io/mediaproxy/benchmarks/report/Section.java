package io.mediaproxy.benchmarks.report;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The sections of the page, in its order. */
enum Section {
    BODY("SdpRewriteBenchmark", "One SDP body through a relay") {
        @Override
        void draw(Run run, Charts charts) throws IOException {
            List<Measurement> measured = run.of(benchmark);
            List<RewriteMethod> methods = Stream.of(RewriteMethod.values())
                    .filter(method -> method != RewriteMethod.PARSE)
                    .filter(method -> measured.stream().anyMatch(m -> m.method().equals(method.method)))
                    .toList();
            Charts.Bars bars = new Charts.Bars(Table.distinct(measured, m -> m.parameter("sample")));
            for (RewriteMethod method : methods) {
                bars.add(
                        method.title,
                        RewriteMethod.FLOORS.contains(method),
                        sample -> method.score(run, sample));
            }
            charts.draw("rewrite", title + ": ns, logarithmic", true, bars);
        }

        @Override
        String tables(Run run) {
            return Table.of(run.of(benchmark).stream().sorted(RewriteMethod.ORDER).toList());
        }
    },
    SIZE("SdpSizeBenchmark", "The cost of a byte over the size of the body") {
        @Override
        void draw(Run run, Charts charts) throws IOException {
            Charts.Lines lines = new Charts.Lines(PerByte.BYTES);
            for (Measurement m : PerByte.of(run.of(benchmark))) {
                String shape = m.parameter("shape").toLowerCase(Locale.ROOT).replace('_', ' ');
                lines.add(shape, m.number(PerByte.BYTES), m.score());
            }
            for (Measurement m : PerByte.ofHostile(run.of(HOSTILE.benchmark))) {
                lines.addPoint("hostile bodies", PerByte.HOSTILE_BYTES, m.score());
            }
            charts.draw("size", title + ": ns per byte, logarithmic", true, lines);
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
    COMMANDS("Commands", "Dispatchers compared") {
        @Override
        void draw(Run run, Charts charts) throws IOException {
            Charts.Lines lines = new Charts.Lines("connections");
            run.of(benchmark).stream()
                    .filter(m -> m.unit().equals("commands/s"))
                    .forEach(m -> lines.add(m.method(), m.number("connections"), m.score()));
            charts.draw("dispatchers", "Commands per second over connections", false, lines);
        }
    },
    CALLS("Calls", "Calls through whole proxies") {
        @Override
        void draw(Run run, Charts charts) throws IOException {
            String held = "calls held";
            Charts.Bars bars = new Charts.Bars(Table.distinct(run.of(benchmark), Measurement::column));
            bars.add(held, false, proxy -> run.score(benchmark, held, proxy));
            charts.draw("calls", "Highest rate in calls per second", false, bars);
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

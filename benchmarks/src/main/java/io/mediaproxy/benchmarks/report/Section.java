package io.mediaproxy.benchmarks.report;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The parts of the page, in its order. */
enum Section {
    BODY("SdpRewriteBenchmark", "One SDP body through a relay") {
        @Override
        void draw(Run run, Charts charts) throws IOException {
            List<Measurement> contestants = contestants(run);
            long floors = contestants.stream()
                    .map(Measurement::method)
                    .distinct()
                    .filter(Contestants::isFloor)
                    .count();
            Charts.Bars bars = new Charts.Bars((int) floors);
            for (Measurement m : contestants) {
                if (!m.method().equals(Contestants.PART)) {
                    bars.add(Contestants.title(m.method()), m.parameter("sample"), m.score());
                }
            }
            charts.draw("rewrite", title + ": ns, logarithmic", true, bars);
        }

        @Override
        String tables(Run run) {
            return Table.of(contestants(run));
        }

        private List<Measurement> contestants(Run run) {
            return run.of(benchmark).stream()
                    .sorted(Comparator.comparing(Measurement::method, Contestants.ORDER))
                    .toList();
        }
    },
    SIZE("SdpSizeBenchmark", "The cost of a byte over the size of the body") {
        @Override
        void draw(Run run, Charts charts) throws IOException {
            Charts.Lines lines = new Charts.Lines("bytes");
            for (Measurement m : PerByte.of(run.of(benchmark))) {
                String shape = m.parameter("shape").toLowerCase(Locale.ROOT).replace('_', ' ');
                lines.add(shape, Double.parseDouble(m.parameter(PerByte.BYTES)), m.score());
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
    HOSTILE("HostileBodyBenchmark", "Bodies of 64 KiB that are made to be costly"),
    MESSAGE("UseMediaProxyBenchmark", "A SIP message through `use_media_proxy`") {
        @Override
        String tables(Run run) {
            return Table.of(run.of(benchmark)) + '\n' + MessageParts.of(run);
        }
    },
    ROUND_TRIP("RoundTripBenchmark", "From a command to its reply"),
    ENCODE("CommandEncodeBenchmark", "Writing a command"),
    PARSE("ReplyParseBenchmark", "Reading a reply"),
    COMMANDS("Commands", "Dispatchers beside each other") {
        @Override
        void draw(Run run, Charts charts) throws IOException {
            Charts.Lines lines = new Charts.Lines("connections");
            for (Measurement m : run.of(benchmark)) {
                if (m.unit().equals("commands/s")) {
                    lines.add(m.method(), Double.parseDouble(m.parameter("connections")), m.score());
                }
            }
            charts.draw("dispatchers", "Commands per second over connections", false, lines);
        }
    },
    CALLS("Calls", "Calls through whole proxies") {
        @Override
        void draw(Run run, Charts charts) throws IOException {
            Charts.Bars bars = new Charts.Bars(0);
            for (Measurement m : run.of(benchmark)) {
                if (m.unit().equals("calls/s")) {
                    bars.add(m.method(), m.parameter("proxy"), m.score());
                }
            }
            charts.draw("calls", "Calls per second that were held", false, bars);
        }
    };

    final String benchmark;
    final String title;

    Section(String benchmark, String title) {
        this.benchmark = benchmark;
        this.title = title;
    }

    /** Draws what there is to draw: nothing. */
    void draw(Run run, Charts charts) throws IOException {}

    /** Markdown. */
    String tables(Run run) {
        return Table.of(run.of(benchmark));
    }
}

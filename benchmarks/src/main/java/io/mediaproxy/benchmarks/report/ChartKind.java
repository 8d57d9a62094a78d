package io.mediaproxy.benchmarks.report;

import java.io.IOException;
import java.util.List;

/** The charts that are drawn, each of one benchmark. */
enum ChartKind {
    BODY("SdpRewriteBenchmark", "rewrite", "One SDP body through a relay", "ns per body (logarithmic)") {
        @Override
        void draw(Charts charts, List<Measurement> measurements) throws IOException {
            charts.bars(file, title, unit, true, measurements);
        }
    },
    SIZE("SdpSizeBenchmark", "size", "Cost of a byte over the size of the body", "ns per byte") {
        @Override
        void draw(Charts charts, List<Measurement> measurements) throws IOException {
            List<Measurement> perByte = measurements.stream()
                    .map(m -> m.per(Double.parseDouble(m.parameters().getOrDefault("bytes", "1"))))
                    .toList();
            charts.lines("bytes", file, title, "bytes (logarithmic)", unit, true, perByte);
        }
    },
    HOSTILE("HostileBodyBenchmark", "hostile", "Bodies of 64 KiB that are made to be costly", "us per body") {
        @Override
        void draw(Charts charts, List<Measurement> measurements) throws IOException {
            charts.bars(file, title, unit, true, measurements);
        }
    },
    COMMANDS("Commands", "dispatchers", "Commands per second over connections", "commands/s") {
        @Override
        void draw(Charts charts, List<Measurement> measurements) throws IOException {
            charts.lines("connections", file, title, "connections", unit, false, measurements);
        }
    },
    CALLS("Calls", "calls", "Calls per second through a proxy", "calls/s") {
        @Override
        void draw(Charts charts, List<Measurement> measurements) throws IOException {
            charts.bars(file, title, unit, false, measurements);
        }
    };

    final String benchmark;
    final String file;
    final String title;
    final String unit;

    ChartKind(String benchmark, String file, String title, String unit) {
        this.benchmark = benchmark;
        this.file = file;
        this.title = title;
        this.unit = unit;
    }

    /** Whether a measurement is in the chart's unit: some benchmarks count other things besides. */
    boolean shows(Measurement measurement) {
        return switch (this) {
            case COMMANDS, CALLS -> measurement.unit().endsWith("/s");
            default -> true;
        };
    }

    abstract void draw(Charts charts, List<Measurement> measurements) throws IOException;
}

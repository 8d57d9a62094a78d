package io.mediaproxy.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What a figure has to be read with. */
final class Environment {
    private Environment() {}

    static String asTable() {
        return "| | |\n|---|---|\n"
                + row("CPU", Runtime.getRuntime().availableProcessors() + " cores, " + cpu())
                + row(
                        "operating system",
                        System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                                + System.getProperty("os.arch"))
                + row("JVM", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"))
                + row("mediaproxy", version());
    }

    private static String row(String name, String value) {
        return "| " + name + " | " + value + " |\n";
    }

    private static String cpu() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown"; // not a Linux
        }
    }

    private static String version() {
        String version = Environment.class.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }
}

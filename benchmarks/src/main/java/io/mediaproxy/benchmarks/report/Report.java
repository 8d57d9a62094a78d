package io.mediaproxy.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes the page of a run, and its figures as JSON.
 *
 * <pre>
 *   java -cp benchmarks.jar io.mediaproxy.benchmarks.report.Report FOLDER "COMMAND" FILE.json ...
 * </pre>
 *
 * <p>The files are what JMH writes ({@code -rf json}); other programs write the same few fields.
 */
public final class Report {
    private static final String FIGURES = "figures.json";

    private Report() {}

    /** See above. */
    public static void main(String[] arguments) throws IOException {
        System.setProperty("java.awt.headless", "true");
        List<Path> files = Arrays.stream(arguments).skip(2).map(Path::of).toList();
        write(Files.createDirectories(Path.of(arguments[0])), arguments[1], Run.of(files));
    }

    private static void write(Path folder, String command, Run run) throws IOException {
        List<String> parts = new ArrayList<>();
        parts.add("# Benchmarks");
        parts.add(Summary.of(run));
        parts.add("Made by `" + command
                + "`. What each benchmark measures: [benchmarks/README.md](../../benchmarks/README.md). For programs: "
                + "[" + FIGURES + "](" + FIGURES + ").");
        parts.add(Environment.asTable());
        List<String> unknown = new ArrayList<>(run.benchmarks());
        for (Section section : Section.values()) {
            if (unknown.remove(section.benchmark)) {
                parts.add("## " + section.title);
                Charts charts = new Charts(folder);
                section.draw(run, charts);
                parts.addAll(charts.links());
                parts.add("`" + section.benchmark + "`:");
                parts.add(section.tables(run));
            }
        }
        for (String benchmark : unknown) {
            parts.add("## `" + benchmark + "`");
            parts.add(Table.of(run.of(benchmark)));
        }
        run.writeTo(folder.resolve(FIGURES));
        parts.removeIf(String::isBlank);
        Files.writeString(
                folder.resolve("README.md"),
                String.join("\n\n", parts.stream().map(String::strip).toList()) + "\n");
    }
}

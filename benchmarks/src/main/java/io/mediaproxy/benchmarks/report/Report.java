package io.mediaproxy.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Writes the page of a run with its charts, and its figures as JSON. Without a command it makes the page again from the
 * figures in the folder.
 *
 * <pre>
 *   java -cp benchmarks.jar io.mediaproxy.benchmarks.report.Report FOLDER ["COMMAND" FILE.json ...]
 * </pre>
 *
 * <p>The files are those of JMH ({@code -rf json}) and of {@link Measurement#write}.
 */
public final class Report {
    private static final String FIGURES = "figures.json";

    private Report() {}

    /** See above. */
    public static void main(String[] arguments) throws IOException {
        System.setProperty("java.awt.headless", "true");
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        Path figures = folder.resolve(FIGURES);
        List<Path> files = Arrays.stream(arguments).skip(2).map(Path::of).toList();
        Run run = arguments.length > 1 ? Run.of(arguments[1], files) : Run.read(figures);
        run.write(figures);
        write(folder, run);
    }

    private static void write(Path folder, Run run) throws IOException {
        List<String> parts = new ArrayList<>();
        parts.add("# Benchmarks on JDK " + run.jdk());
        parts.add(Summary.of(run));
        Path readme = folder.toAbsolutePath()
                .normalize()
                .relativize(Path.of("benchmarks", "README.md").toAbsolutePath());
        parts.add("Made by `" + run.command() + "`. [benchmarks/README.md](" + readme
                + ") describes each benchmark. For programs: [" + FIGURES + "](" + FIGURES + ").");
        List<String> environment = new ArrayList<>();
        run.environment().forEach((name, value) -> environment.add("- " + name + ": " + value));
        parts.add(String.join("\n", environment));
        Set<String> unknown = run.benchmarks();
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
        parts.removeIf(String::isBlank);
        List<String> stripped = parts.stream().map(String::strip).toList();
        Files.writeString(folder.resolve("README.md"), String.join("\n\n", stripped) + "\n");
    }
}

package io.mediaproxy.scenario;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * One ladder as in its file: each line is an event, and the indented lines after it are the expectations of it.
 * {@code scenarios/README.md} explains the form.
 *
 * @param file its name, for failures
 */
public record Scenario(String file, String title, List<Step> steps) {
    /** One line without its indentation. */
    public record Line(int number, String text) {}

    /** One event with its expectations. */
    public record Step(Line line, List<Line> expected) {}

    /** Whether the first line is this one. */
    boolean startsWith(String text) {
        return !steps.isEmpty() && steps.get(0).line().text().equals(text);
    }

    private static final String DIRECTORY_PROPERTY = "mediaproxy.scenarios.dir";
    private static final String ROOT_PROPERTY = "mediaproxy.root";

    /**
     * Reads the ladders of the folder that the system property names, otherwise those on the class path, in the order
     * of their names; the test jar has these too.
     */
    public static List<Scenario> all() {
        String directory = System.getProperty(DIRECTORY_PROPERTY);
        if (directory == null) {
            return own();
        }
        try {
            // A relative path starts where Maven was started; tests run in the folders of their modules.
            List<Scenario> scenarios =
                    all(Path.of(System.getProperty(ROOT_PROPERTY, "")).resolve(directory));
            if (scenarios.isEmpty()) {
                throw new IllegalStateException("no ladders in " + directory);
            }
            return scenarios;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads the ladders of this project. */
    static List<Scenario> own() {
        try {
            URI folder = Objects.requireNonNull(Scenario.class.getResource("/scenarios"), "no ladders")
                    .toURI();
            if (!folder.getScheme().equals("jar")) {
                return all(Path.of(folder));
            }
            try (FileSystem jar = FileSystems.newFileSystem(folder, Map.of())) {
                return all(jar.getPath("/scenarios"));
            }
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Scenario> all(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".txt"))
                    .sorted()
                    .map(Scenario::read)
                    .toList();
        }
    }

    /** Reads a file. */
    public static Scenario read(Path file) {
        try {
            return parse(file.getFileName().toString(), Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads the text of a file: its first comment is the title. */
    public static Scenario parse(String file, String text) {
        String title = file;
        List<Step> steps = new ArrayList<>();
        int number = 0;
        for (String raw : text.split("\n", -1)) {
            number++;
            String words = raw.strip();
            if (words.startsWith("#")) {
                title = title.equals(file) ? words.substring(1).strip() : title;
            } else if (!words.isEmpty()) {
                Line line = new Line(number, words.replaceAll("\\s+", " "));
                if (!Character.isWhitespace(raw.charAt(0))) {
                    steps.add(new Step(line, new ArrayList<>()));
                } else if (steps.isEmpty()) {
                    throw new ScenarioFailure(file, line, "an expectation comes behind what it is expected of");
                } else {
                    steps.get(steps.size() - 1).expected().add(line);
                }
            }
        }
        return new Scenario(file, title, List.copyOf(steps));
    }
}

package io.mediaproxy.scenario;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One ladder, as its file has it: lines that say what happens, each with the indented lines behind it that say what is expected.
 * {@code scenarios/README.md} explains the form.
 *
 * @param file its name, for failures
 */
public record Scenario(String file, String title, List<Step> steps) {
    /** One line without its indentation. */
    public record Line(int number, String text) {}

    /** What happens, and what is expected of it. */
    public record Step(Line line, List<Line> expected) {}

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

package io.mediaproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Habits of the project's text that no other tool checks, over the sources of all modules. Lines have at most 120
 * columns; the summary of a comment is a sentence or a noun; thread-safety is stated in one of three ways.
 */
class SourceStyleTest {
    private static final Path ROOT = Path.of(System.getProperty("mediaproxy.root"));
    private static final int MAX_COLUMNS = 120;

    private static final Pattern JAVADOC = Pattern.compile("/\\*\\*(.*?)\\*/", Pattern.DOTALL);
    private static final Pattern THREAD_SAFETY =
            Pattern.compile("[^.]*\\b(?i:thread-?safe|safe for use|confined to)\\b[^.]*\\.?");
    private static final Pattern ALLOWED =
            Pattern.compile("Thread-safe\\.|Not thread-safe\\.|Confined to the [^.]+\\.", Pattern.DOTALL);

    @Test
    void shouldKeepSourcesInStyle() throws IOException {
        List<String> faults = new ArrayList<>();
        try (Stream<Path> files = Files.walk(ROOT)) {
            for (Path file : files.filter(SourceStyleTest::isSource).toList()) {
                faults(ROOT.relativize(file).toString(), Files.readString(file), faults);
            }
        }
        assertThat(faults).isEmpty();
    }

    @Test
    void shouldFindEachFault() {
        assertThat(faultsOf("x".repeat(121))).containsExactly("A.java:1: 121 columns");
        assertThat(faultsOf("\n/** What it does. */")).containsExactly("A.java:2: the summary begins with \"What\"");
        assertThat(faultsOf("/**\n * A map.\n *\n * <p>Safe for use by many threads.\n */"))
                .containsExactly("A.java:1: thread-safety: Safe for use by many threads.");
        assertThat(faultsOf("/** A map. It is thread-safe. */")).hasSize(1);
        assertThat(faultsOf("/** A map. Thread-safe, mostly. */")).hasSize(1);
        assertThat(faultsOf("/** A map. Thread-safe. */\n/**\n * A list. Not\n * thread-safe.\n */"
                        + "/** A set. Confined to the I/O thread. */\n" + "x".repeat(120)))
                .isEmpty();
    }

    private static boolean isSource(Path file) {
        String name = ROOT.relativize(file).toString();
        boolean ownExamples = name.endsWith("/SourceStyleTest.java");
        return name.endsWith(".java") && name.contains("src/") && !name.contains("target/") && !ownExamples;
    }

    private static List<String> faultsOf(String text) {
        List<String> faults = new ArrayList<>();
        faults("A.java", text, faults);
        return faults;
    }

    private static void faults(String file, String text, List<String> faults) {
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            if (lines[i].length() > MAX_COLUMNS) {
                faults.add(file + ':' + (i + 1) + ": " + lines[i].length() + " columns");
            }
        }
        Matcher comments = JAVADOC.matcher(text);
        while (comments.find()) {
            String place = file + ':' + text.substring(0, comments.start()).split("\n", -1).length + ": ";
            String comment =
                    comments.group(1).replaceAll("\\s*\\n\\s*\\* ?", " ").strip();
            if (comment.startsWith("What ")) {
                faults.add(place + "the summary begins with \"What\"");
            }
            Matcher sentences = THREAD_SAFETY.matcher(comment.replaceAll("</?(p|ul|ol|pre|table)>", ". "));
            while (sentences.find()) {
                String sentence = sentences.group().strip();
                if (!ALLOWED.matcher(sentence).matches()) {
                    faults.add(place + "thread-safety: " + sentence);
                }
            }
        }
    }
}

package io.mediaproxy.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The README's code samples for one adapter compile: each is, letter by letter, the content of a nested class of the
 * test that extends this.
 */
public abstract class QuickstartSuite {
    private static final Path README = Path.of("..", "README.md");
    private static final Path TESTS = Path.of("src", "test", "java");
    private static final Pattern JAVA_CODE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final int MOST_LINES = 15;
    private static final int INDENTATION = 8;

    private final Class<?> adapter;

    /** @param adapter the name that distinguishes its quickstart from the others */
    protected QuickstartSuite(Class<?> adapter) {
        this.adapter = adapter;
    }

    @Test
    void shouldShowCodeThatCompilesInAtMostFifteenLines() throws IOException {
        List<String> pieces = JAVA_CODE
                .matcher(Files.readString(README))
                .results()
                .map((MatchResult code) -> code.group(1))
                .filter(code -> code.contains(adapter.getSimpleName()))
                .toList();
        Path test = TESTS.resolve(getClass().getName().replace('.', '/') + ".java");
        String tested = Files.readString(test);

        assertThat(pieces).isNotEmpty().allSatisfy(piece -> {
            assertThat(piece.lines()).hasSizeLessThanOrEqualTo(MOST_LINES);
            assertThat(tested).contains(piece.indent(INDENTATION).replaceAll("(?m)^ +$", ""));
        });
    }
}

package io.mediaproxy.fuzzing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Checks that the tests that SECURITY.md names for its promises exist. */
class SecurityPolicyTest {
    private static final Path ROOT = Path.of(System.getProperty("mediaproxy.root"));
    private static final Pattern TEST = Pattern.compile("`([A-Z][A-Za-z0-9]+Test)`");
    private static final int FEWEST = 15;

    @Test
    void shouldNameOnlyTestsThatExist() throws IOException {
        Set<String> existing;
        try (Stream<Path> files = Files.walk(ROOT)) {
            existing = files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith("Test.java"))
                    .map(file -> file.substring(0, file.length() - ".java".length()))
                    .collect(Collectors.toSet());
        }
        Set<String> named = TEST.matcher(Files.readString(ROOT.resolve("SECURITY.md")))
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toSet());
        assertThat(named).hasSizeGreaterThan(FEWEST);
        assertThat(existing).containsAll(named);
    }
}

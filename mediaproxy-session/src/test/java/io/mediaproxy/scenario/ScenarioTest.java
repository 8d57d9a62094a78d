package io.mediaproxy.scenario;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every ladder in {@code src/test/resources/scenarios}. */
class ScenarioTest {
    @TestFactory
    Stream<DynamicTest> shouldGoAsTheLadderSays(@TempDir Path directory) throws IOException, URISyntaxException {
        List<Path> files;
        try (Stream<Path> all =
                Files.list(Path.of(ScenarioTest.class.getResource("/scenarios").toURI()))) {
            files = all.filter(file -> file.toString().endsWith(".txt"))
                    .sorted()
                    .toList();
        }
        return files.stream().map(file -> {
            Scenario scenario = Scenario.read(file);
            return dynamicTest(
                    file.getFileName() + ": " + scenario.title(),
                    file.toUri(),
                    () -> ScenarioRunner.run(
                            scenario, Files.createTempDirectory(directory, "s"), MediaProxyServer::new));
        });
    }
}

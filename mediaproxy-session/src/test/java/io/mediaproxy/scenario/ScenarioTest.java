package io.mediaproxy.scenario;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every ladder in {@code src/test/resources/scenarios}. */
class ScenarioTest {
    @TestFactory
    Stream<DynamicTest> shouldGoAsTheLadderSays(@TempDir Path directory) {
        return Scenario.all().stream()
                .map(scenario -> dynamicTest(
                        scenario.file() + ": " + scenario.title(),
                        URI.create("classpath:/scenarios/" + scenario.file()),
                        () -> ScenarioRunner.run(
                                scenario, Files.createTempDirectory(directory, "s"), MediaProxyServer::new)));
    }
}

package io.mediaproxy.scenario;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** Plays every ladder to one kind of server. One that is skipped has its reason, and fails if it starts to go as it says. */
public abstract class ScenarioSuite {
    private final ServerUnderTest.Maker maker;
    private final Map<String, String> skipped;

    /** For a server that goes as all ladders say. */
    protected ScenarioSuite(ServerUnderTest.Maker maker) {
        this(maker, Map.of());
    }

    /** For one that does not, with the reasons by file. */
    protected ScenarioSuite(ServerUnderTest.Maker maker, Map<String, String> skipped) {
        this.maker = maker;
        this.skipped = skipped;
    }

    @TestFactory
    Stream<DynamicTest> shouldGoAsTheLadderSays(@TempDir Path directory) {
        return Scenario.all().stream()
                .map(scenario -> dynamicTest(
                        scenario.file() + ": " + scenario.title(),
                        () -> play(scenario, Files.createTempDirectory(directory, "s"))));
    }

    private void play(Scenario scenario, Path directory) throws Exception {
        String reason = skipped.get(scenario.file());
        if (reason == null) {
            ScenarioRunner.run(scenario, directory, maker);
            return;
        }
        try {
            ScenarioRunner.run(scenario, directory, maker);
        } catch (AssertionError expected) {
            throw new TestAbortedException(reason, expected);
        }
        throw new AssertionError("it goes as it says, though it is skipped because " + reason);
    }
}

package io.mediaproxy.scenario;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/**
 * Plays every ladder to one kind of server and prints how many passed. A skipped ladder has a reason, and fails as soon
 * as it would pass.
 */
public abstract class ScenarioSuite {
    private final ServerUnderTest.Maker maker;
    private final Map<String, String> skipped;
    private final Map<Result, Integer> results = new EnumMap<>(Result.class);

    private enum Result {
        PASSED,
        FAILED,
        SKIPPED
    }

    /** For a server that passes all ladders. */
    protected ScenarioSuite(ServerUnderTest.Maker maker) {
        this(maker, Map.of());
    }

    /** For a server that does not, with the reasons by file. */
    protected ScenarioSuite(ServerUnderTest.Maker maker, Map<String, String> skipped) {
        this.maker = maker;
        this.skipped = skipped;
    }

    @TestFactory
    Stream<DynamicTest> shouldGoAsTheLadderSays(@TempDir Path directory) {
        return Scenario.all().stream()
                .map(scenario -> dynamicTest(
                        scenario.file() + ": " + scenario.title(),
                        () -> count(scenario, Files.createTempDirectory(directory, "s"))));
    }

    /** Runs after the last ladder. */
    @AfterEach
    void printResults() {
        System.out.println("ladders: " + results.getOrDefault(Result.PASSED, 0) + " passed, "
                + results.getOrDefault(Result.FAILED, 0) + " failed, " + results.getOrDefault(Result.SKIPPED, 0)
                + " skipped");
    }

    private void count(Scenario scenario, Path directory) {
        Result result = Result.FAILED;
        try {
            play(scenario, directory);
            result = Result.PASSED;
        } catch (TestAbortedException e) {
            result = Result.SKIPPED;
            throw e;
        } finally {
            results.merge(result, 1, Integer::sum);
        }
    }

    private void play(Scenario scenario, Path directory) {
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
        throw new AssertionError("it passes, though it is skipped because " + reason);
    }
}

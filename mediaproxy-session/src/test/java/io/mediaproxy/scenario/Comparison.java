package io.mediaproxy.scenario;

import io.mediaproxy.scenario.Scenario.Line;
import java.util.Arrays;

/** Compares expected and actual values; the failure names the ladder's file and line. */
record Comparison(String file) {
    void values(Line line, String what, Object expected, Object actual) {
        if (!expected.equals(actual)) {
            throw new ScenarioFailure(file, line, "another value: " + what, expected, actual);
        }
    }

    /** Compares texts of many lines; the failure shows the first line that differs. */
    void texts(Line line, String what, String expected, String actual) {
        String[] expectedLines = expected.split("(?<=\n)", -1);
        String[] actualLines = actual.split("(?<=\n)", -1);
        int mismatch = Arrays.mismatch(expectedLines, actualLines);
        if (mismatch >= 0) {
            throw new ScenarioFailure(
                    file,
                    line,
                    "another line " + (mismatch + 1) + " of " + what,
                    line(expectedLines, mismatch),
                    line(actualLines, mismatch) + "\nall of it:\n" + actual);
        }
    }

    /** The expected text is part of the actual one. */
    void contains(Line line, String what, String expected, String actual) {
        if (!actual.contains(expected)) {
            throw new ScenarioFailure(file, line, what, expected, actual);
        }
    }

    ScenarioFailure failure(Line line, String what) {
        return new ScenarioFailure(file, line, what);
    }

    private static String line(String[] lines, int index) {
        return index < lines.length ? lines[index].stripTrailing() : "no such line";
    }
}

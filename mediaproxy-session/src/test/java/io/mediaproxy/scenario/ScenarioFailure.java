package io.mediaproxy.scenario;

import io.mediaproxy.scenario.Scenario.Line;

/** A ladder that differs from its file: names file, line, expected and actual value. */
public final class ScenarioFailure extends AssertionError {
    private static final long serialVersionUID = 1L;

    ScenarioFailure(String file, Line line, String what) {
        super(file + ":" + line.number() + ": " + what + "\n    " + line.text());
    }

    ScenarioFailure(String file, Line line, String what, Object expected, Object actual) {
        super(file + ":" + line.number() + ": " + what + "\n    " + line.text() + "\nexpected: " + expected
                + "\nactual:   " + actual);
    }
}

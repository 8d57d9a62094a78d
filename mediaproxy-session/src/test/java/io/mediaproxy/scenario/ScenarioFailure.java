package io.mediaproxy.scenario;

import io.mediaproxy.scenario.Scenario.Line;

/** A ladder went otherwise than its file says: names file, line, what was expected and what came. */
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

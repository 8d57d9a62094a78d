package io.mediaproxy.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log lines of calls that failed. */
class LoggedTest {
    private final Logger logger = Logger.getLogger("io.mediaproxy.session");
    private final List<String> logged = new CopyOnWriteArrayList<>();

    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord record) {
            logged.add(record.getLevel() + " " + new SimpleFormatter().formatMessage(record));
        }

        @Override
        public void flush() {
            // Nothing is held back.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    };

    @BeforeEach
    void listen() {
        logger.addHandler(handler);
    }

    @AfterEach
    void stop() {
        logger.removeHandler(handler);
    }

    @Test
    void shouldWarnOfASessionThatExpiredWhileTheCallRang(@TempDir Path directory) {
        play("session-expired.txt", directory);

        assertThat(logged)
                .anySatisfy(line -> assertThat(line)
                        .startsWith("WARNING call call: the session had expired: the answer got ")
                        .endsWith("where nothing is relayed any more; a new offer mends it"));
    }

    @Test
    void shouldLogACallThatIsGivenUp(@TempDir Path directory) {
        play("reaper-lost-bye.txt", directory);

        assertThat(logged).contains("INFO call call is given up: nothing was heard of it for too long");
    }

    @Test
    void shouldLogNothingForACallWithoutFailure(@TempDir Path directory) {
        play("plain-call.txt", directory);

        assertThat(logged).isEmpty();
    }

    private static void play(String file, Path directory) {
        Scenario scenario = Scenario.own().stream()
                .filter(one -> one.file().equals(file))
                .findFirst()
                .orElseThrow();
        ScenarioRunner.run(scenario, directory, MediaProxyServer::new);
    }
}

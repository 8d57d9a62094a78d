package io.mediaproxy.protocol.backchannel;

import static io.mediaproxy.protocol.backchannel.RequestSender.endDialog;
import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.testing.LogCapture;
import io.mediaproxy.testing.ManualClock;
import java.time.Duration;
import java.util.Optional;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A flood of datagrams is logged once, with their number. */
class BackChannelLogTest extends BackChannelFixture {
    private static final int MANY = 200;

    private final ManualClock clock = new ManualClock();
    private final LogCapture logged = LogCapture.of("io.mediaproxy.protocol.backchannel");

    @AfterEach
    void restoreLogger() {
        logged.close();
    }

    private void assertOneLineForMany(String datagram, String... parts) throws Exception {
        open(config().clock(clock), dialogId -> Optional.empty());
        for (int i = 0; i < MANY; i++) {
            dispatcher.send(datagram);
        }
        dispatcher.ask(endDialog("1", "d"));
        assertThat(logged.lines(Level.WARNING).stream().filter(line -> line.contains(parts[0])))
                .hasSize(1);

        clock.advance(Duration.ofSeconds(10));
        dispatcher.send(datagram);
        dispatcher.ask(endDialog("2", "d"));
        assertThat(logged.lines(Level.WARNING).stream().filter(line -> line.contains(parts[0])))
                .hasSize(2)
                .last()
                .asString()
                .contains(parts)
                .contains((MANY - 1) + " more")
                .matches("[ -~]+");
    }

    @Test
    void shouldLogDatagramsThatAreNotRequestsOnce() throws Exception {
        assertOneLineForMany("\u001bgarbage", "parse error");
    }

    @Test
    void shouldLogRequestsForOtherMethodsOnce() throws Exception {
        assertOneLineForMany(
                "{\"jsonrpc\": \"2.0\", \"method\": \"m\u2028\u0085\", \"params\": []}", "method not found", "\\x");
    }

    @Test
    void shouldLogDatagramsThatAreTooLongOnce() throws Exception {
        assertOneLineForMany("x".repeat(5_000), "more than 4096 bytes");
    }

    @Test
    void shouldLogOneDialogThatIsNotKnownOnlyAtDebug() throws Exception {
        open(config().clock(clock), dialogId -> Optional.empty());
        dispatcher.ask(endDialog("1", "d\u0085"));

        assertThat(logged.lines(Level.INFO)).noneMatch(line -> line.contains("dialog"));
    }
}

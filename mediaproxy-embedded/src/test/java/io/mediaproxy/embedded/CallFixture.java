package io.mediaproxy.embedded;

import io.mediaproxy.embedded.report.SessionStatistics;
import io.mediaproxy.testing.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A dispatcher with one relay, both on a manual clock, and the sessions that ended. */
final class CallFixture implements AutoCloseable {
    final ManualClock clock = new ManualClock();
    final List<SessionStatistics> ended = new ArrayList<>();
    final EmbeddedRelay relay;
    final EmbeddedDispatcher dispatcher;

    CallFixture() {
        this(EmbeddedRelay.builder());
    }

    CallFixture(EmbeddedRelay.Builder relayBuilder) {
        this(relayBuilder, EmbeddedDispatcher.builder());
    }

    /** A dispatcher that asks the SIP server at this socket to end dialogs. */
    CallFixture(Path openSipsSocket) {
        this(EmbeddedRelay.builder(), EmbeddedDispatcher.builder().openSipsSocket(openSipsSocket));
    }

    private CallFixture(EmbeddedRelay.Builder relayBuilder, EmbeddedDispatcher.Builder dispatcherBuilder) {
        relay = relayBuilder.clock(clock).start();
        dispatcher = dispatcherBuilder
                .relays(relay)
                .clock(clock)
                .sessionListener(ended::add)
                .start();
    }

    String run(String command) {
        try (ControlClient client = new ControlClient(dispatcher)) {
            return client.send(command).received();
        }
    }

    /** The ports of the reply. */
    int[] ports(String command) {
        String reply = run(command);
        return Arrays.stream(reply.strip().split(" ", -1))
                .skip(1)
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    void pass(Duration time) {
        clock.advance(time);
        dispatcher.expireNow();
    }

    SessionStatistics onlySession() {
        List<SessionStatistics> sessions = dispatcher.sessions();
        if (sessions.size() != 1) {
            throw new AssertionError("not one session: " + sessions);
        }
        return sessions.get(0);
    }

    @Override
    public void close() {
        dispatcher.close();
        relay.close();
    }
}

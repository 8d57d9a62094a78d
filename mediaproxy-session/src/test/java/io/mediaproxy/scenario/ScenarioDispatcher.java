package io.mediaproxy.scenario;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.embedded.EmbeddedRelay;
import io.mediaproxy.embedded.report.Fault;
import io.mediaproxy.testing.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The dispatcher of a ladder and its relays, all with one clock. Records the commands. */
final class ScenarioDispatcher implements AutoCloseable {
    static final Map<String, String> ADDRESSES = Map.of("relay", "127.0.0.1", "relay2", "127.0.0.2");

    /** Prefix of the Call-IDs of commands that do not belong to the ladder. */
    static final String OWN = "own-";

    private static final int TURNS = 10;

    /** RTP and RTCP for each side. */
    private static final int PORTS_OF_A_STREAM = 4;

    private final Path socket;
    private final ManualClock clock;
    private final Path backChannelSocket;
    private final Map<String, EmbeddedRelay> relays = new HashMap<>();
    private final BlockingQueue<String> commands = new LinkedBlockingQueue<>();
    private EmbeddedDispatcher dispatcher;
    private boolean stopped;

    /** @param backChannelSocket where it reports media timeouts; null if it does not */
    ScenarioDispatcher(Path socket, ManualClock clock, Path backChannelSocket) {
        this.socket = socket;
        this.backChannelSocket = backChannelSocket;
        this.clock = clock;
        start(List.of("relay"));
    }

    /** Applies a ladder's line about the dispatcher. */
    void order(String order) {
        String[] words = order.split(" ", -1);
        List<String> rest = List.of(words).subList(1, words.length);
        switch (words[0]) {
            case "stops" -> {
                dispatcher.close();
                stopped = true;
            }
            case "starts" -> start(rest);
            case "restarts" -> {
                dispatcher.close();
                start(rest);
            }
            case "delays" ->
                dispatcher.inject(new Fault.Delay(Duration.ofMillis(
                        Long.parseLong(rest.get(0).substring(0, rest.get(0).indexOf("ms"))))));
            case "says" -> dispatcher.inject(new Fault.Reply(String.join(" ", rest)));
            case "closes" -> dispatcher.inject(new Fault.CloseConnection(moment(rest.get(0))));
            case "stalls" -> dispatcher.inject(new Fault.Stall(moment(rest.get(0))));
            default -> throw new IllegalArgumentException("a dispatcher does not " + words[0]);
        }
    }

    private static Fault.Moment moment(String word) {
        return word.equals("before") ? Fault.Moment.BEFORE_EXECUTING : Fault.Moment.AFTER_EXECUTING;
    }

    /** @param names of its relays: a new call gets the first one */
    private void start(List<String> names) {
        stopped = false;
        List<EmbeddedRelay> some = new ArrayList<>();
        for (String name : names.isEmpty() ? List.of("relay") : names) {
            some.add(relays.computeIfAbsent(
                    name,
                    one -> EmbeddedRelay.builder()
                            .bindAddress(address(one))
                            .clock(clock::nanoTime)
                            .start()));
        }
        EmbeddedDispatcher.Builder builder = EmbeddedDispatcher.builder();
        if (backChannelSocket != null) {
            builder.openSipsSocket(backChannelSocket);
        }
        dispatcher = builder.socket(socket)
                .relays(some.toArray(new EmbeddedRelay[0]))
                .clock(clock::nanoTime)
                .random(new InOrder())
                .commandListener(command -> {
                    if (!command.callId().startsWith(OWN)) {
                        commands.add(command.text());
                    }
                })
                .start();
    }

    private static String address(String relay) {
        String address = ADDRESSES.get(relay);
        if (address == null) {
            throw new IllegalArgumentException("there is no " + relay + " but " + ADDRESSES.keySet());
        }
        return address;
    }

    /** Shuffles nothing. */
    private static final class InOrder extends Random {
        private static final long serialVersionUID = 1L;

        @Override
        public int nextInt(int bound) {
            return bound - 1;
        }
    }

    /** Returns the next command, or null if none came within this time. */
    String next(Duration within) {
        try {
            return commands.poll(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * Advances the clock: commands that came before are handled at the old time, and due timers have run when this
     * returns.
     */
    void advance(Duration by) {
        if (stopped) {
            clock.advance(by);
            relays.values().forEach(EmbeddedRelay::expireNow);
            return;
        }
        dispatcher.counters(); // asks the dispatcher, its relays and the dispatcher again
        clock.advance(by);
        dispatcher.expireNow();
    }

    /**
     * Makes the relays forward the packets that they have received. A relay reads its sockets between two queries,
     * unless both come in the same turn: hence the repetition.
     */
    void relayPackets() {
        for (int i = 0; i < TURNS; i++) {
            relays.values().forEach(EmbeddedRelay::sessions);
        }
    }

    /** Streams that are alive. */
    int streams() {
        return relays.values().stream().mapToInt(EmbeddedRelay::portsInUse).sum() / PORTS_OF_A_STREAM;
    }

    int sessions() {
        return relays.values().stream()
                .mapToInt(relay -> relay.sessions().size())
                .sum();
    }

    @Override
    public void close() {
        dispatcher.close();
        relays.values().forEach(EmbeddedRelay::close);
    }
}

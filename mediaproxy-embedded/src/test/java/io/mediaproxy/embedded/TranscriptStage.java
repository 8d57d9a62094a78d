package io.mediaproxy.embedded;

import io.mediaproxy.testing.ManualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;

/**
 * A dispatcher and relays set up as they were for a part of the transcripts. Within a stage each recorded port
 * corresponds to one of ours.
 */
final class TranscriptStage implements AutoCloseable {
    static final String FIRST = "127.0.0.1";
    static final String SECOND = "127.9.9.9";

    /** Tries relays in the order of the transcript, where the real dispatcher chose at random. */
    private static final class Dice extends Random {
        private static final long serialVersionUID = 1L;

        private final transient Queue<String> firstRelays = new ArrayDeque<>();

        Dice() {
            super(4711);
        }

        @Override
        public int nextInt(int bound) {
            String first = firstRelays.poll();
            if (first == null) {
                return super.nextInt(bound);
            }
            // A shuffle of two elements swaps them on 0.
            return first.equals(FIRST) ? 1 : 0;
        }
    }

    private final ManualClock clock = new ManualClock();
    private final ManualClock relayClock;
    private final Dice dice = new Dice();
    private final Map<String, EmbeddedRelay> relays = new LinkedHashMap<>();
    private final Map<String, String> oursByReal = new HashMap<>();
    private final Map<String, String> realByOurs = new HashMap<>();
    private final Path directory;
    private final SipServerSocket sipServer;
    private final Queue<String> datagrams = new ArrayDeque<>();
    private EmbeddedDispatcher dispatcher;

    private TranscriptStage(List<EmbeddedRelay> some, ManualClock relayClock) {
        some.forEach(relay -> relays.put(relay.address(), relay));
        this.relayClock = relayClock;
        try {
            this.directory = Files.createTempDirectory("transcripts-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.sipServer = new SipServerSocket(openSipsSocket());
        this.dispatcher = startDispatcher();
    }

    static TranscriptStage withoutRelay() {
        return new TranscriptStage(List.of(), new ManualClock());
    }

    static TranscriptStage withOneRelay() {
        ManualClock clock = new ManualClock();
        return new TranscriptStage(List.of(relay(FIRST, clock).start()), clock);
    }

    static TranscriptStage withTwoRelays() {
        ManualClock clock = new ManualClock();
        return new TranscriptStage(
                List.of(relay(FIRST, clock).start(), relay(SECOND, clock).start()), clock);
    }

    static TranscriptStage withRelayAdvertisedAs(String address) {
        ManualClock clock = new ManualClock();
        return new TranscriptStage(
                List.of(relay(FIRST, clock).advertisedAddress(address).start()), clock);
    }

    /** Each stream uses two pairs of ports. */
    static TranscriptStage withPortsForStreams(int streams) {
        ManualClock clock = new ManualClock();
        int first = FreePorts.pairs(2 * streams);
        return new TranscriptStage(
                List.of(relay(FIRST, clock)
                        .portRange(first, first + 4 * streams - 1)
                        .start()),
                clock);
    }

    private static EmbeddedRelay.Builder relay(String address, ManualClock clock) {
        return EmbeddedRelay.builder().bindAddress(address).clock(clock);
    }

    private EmbeddedDispatcher startDispatcher() {
        return EmbeddedDispatcher.builder()
                .relays(relays.values().toArray(EmbeddedRelay[]::new))
                .clock(clock)
                .random(dice)
                .openSipsSocket(openSipsSocket())
                .start();
    }

    private Path openSipsSocket() {
        return directory.resolve("socket");
    }

    EmbeddedDispatcher dispatcher() {
        return dispatcher;
    }

    SipServerSocket sipServer() {
        return sipServer;
    }

    /** Datagrams at the SIP server's socket that are not compared yet. */
    Queue<String> datagrams() {
        datagrams.addAll(sipServer.received());
        return datagrams;
    }

    void restartDispatcher() {
        dispatcher.close();
        dispatcher = startDispatcher();
    }

    void crashSecondRelay() {
        second().crash();
        dispatcher.settle();
    }

    void terminateSecondRelay() {
        second().close();
        dispatcher.settle();
    }

    void haltSecondRelay() {
        second().halt();
    }

    void startSecondRelayAgain() {
        EmbeddedRelay relay = relay(SECOND, relayClock).start();
        relays.put(SECOND, relay);
        dispatcher.connect(relay);
        // A new relay process starts with its first ports again, which earlier calls may have used.
        oursByReal.keySet().removeIf(port -> port.startsWith(SECOND));
        realByOurs.keySet().removeIf(port -> port.startsWith(SECOND));
    }

    private EmbeddedRelay second() {
        EmbeddedRelay relay = relays.get(SECOND);
        if (relay == null) {
            throw new IllegalStateException("this stage has one relay");
        }
        return relay;
    }

    void letStreamsExpire() {
        relayClock.advance(Duration.ofSeconds(91));
        dispatcher.expireNow();
    }

    /** Advances the clock of the dispatcher, not of the relays. */
    void pass(Duration time) {
        clock.advance(time);
        dispatcher.expireNow();
    }

    void firstRelaysByDice(List<String> addresses) {
        dice.firstRelays.clear();
        dice.firstRelays.addAll(addresses);
    }

    /** Executes a command that is not in the transcripts. */
    String run(String command) {
        try (ControlClient client = new ControlClient(dispatcher)) {
            return client.send(command).received();
        }
    }

    /** Whether a recorded port corresponds to one of ours: always to the same one, which no other one has. */
    boolean corresponds(String real, String ours) {
        List<String> known = new ArrayList<>();
        known.add(oursByReal.putIfAbsent(real, ours));
        known.add(realByOurs.putIfAbsent(ours, real));
        return (known.get(0) == null || known.get(0).equals(ours))
                && (known.get(1) == null || known.get(1).equals(real));
    }

    @Override
    public void close() {
        dispatcher.close();
        relays.values().forEach(EmbeddedRelay::close);
        sipServer.close();
        try {
            Files.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

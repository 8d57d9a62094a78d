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
 * A dispatcher and relays as they were when a part of the transcripts was taken, and the ports seen so far: a real port and
 * ours stand for each other as long as the stage stands.
 */
final class TranscriptStage implements AutoCloseable {
    static final String FIRST = "127.0.0.1";
    static final String SECOND = "127.9.9.9";

    /** Decides which relay is tried first as the transcript has it, where the real dispatcher threw dice. */
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
            // A shuffle of two swaps them on 0.
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

    /** Each stream takes two pairs of ports. */
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

    /** What came to the SIP server's socket and was not taken yet. */
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
        // A new relay process begins with its first ports again, whoever had them before.
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

    /** Time of the dispatcher, not of the relays. */
    void pass(Duration time) {
        clock.advance(time);
        dispatcher.expireNow();
    }

    void firstRelaysByDice(List<String> addresses) {
        dice.firstRelays.clear();
        dice.firstRelays.addAll(addresses);
    }

    /** Runs a command that the transcripts left out. */
    String run(String command) {
        try (ControlClient client = new ControlClient(dispatcher)) {
            return client.send(command).received();
        }
    }

    /** Whether one port of theirs may be one of ours: always the same one, and no other's. */
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

package io.mediaproxy.chaos;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.embedded.EmbeddedRelay;
import io.mediaproxy.embedded.report.Fault;
import io.mediaproxy.embedded.report.Fault.Moment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** One fault after the other, chosen at random. Each ends the one before it, if that lasts. Not thread-safe. */
final class Faults {
    private static final int LONGEST_MILLIS = 400;
    private static final int MOST_COMMANDS = 10;

    private final EmbeddedDispatcher dispatcher;
    private final List<EmbeddedRelay> relays;
    private final Random random;
    private final Map<String, Integer> counts = new TreeMap<>();
    private Runnable end = () -> {};

    Faults(EmbeddedDispatcher dispatcher, List<EmbeddedRelay> relays, Random random) {
        this.dispatcher = dispatcher;
        this.relays = relays;
        this.random = random;
    }

    /** Ends the present fault and begins another one. */
    void next() {
        calm();
        Moment moment = random.nextBoolean() ? Moment.BEFORE_EXECUTING : Moment.AFTER_EXECUTING;
        switch (random.nextInt(12)) {
            case 0 -> inject("delay", new Fault.Delay(time()));
            case 1 -> inject("error", new Fault.ReplyError());
            case 2 -> inject("close", new Fault.CloseConnection(moment));
            case 3 -> inject("silence", new Fault.Stall(moment));
            case 4 -> inject("split", new Fault.SplitReply(1 + random.nextInt(8)));
            case 5 -> inject("garbage", new Fault.Garbage(new byte[] {1, 2, '\r', '\n'}));
            case 6 -> begin("stall", () -> dispatcher.stall(time()), () -> dispatcher.stall(Duration.ZERO));
            case 7 ->
                begin(
                        "slow",
                        () -> dispatcher.slowDown(Duration.ofMillis(1 + random.nextInt(3))),
                        () -> dispatcher.slowDown(Duration.ZERO));
            case 8 ->
                begin(
                        "link",
                        () -> dispatcher.disconnect(relays.get(random.nextInt(relays.size())), time()),
                        () -> relays.forEach(dispatcher::connect));
            case 9 -> begin("restart", () -> dispatcher.restart(time()), () -> relays.forEach(dispatcher::connect));
            case 10 -> begin("kill", dispatcher::kill, dispatcher::restart);
            default -> begin("file", this::removeFile, dispatcher::restart);
        }
    }

    /** Ends the present fault. */
    void calm() {
        end.run();
        end = () -> {};
        dispatcher.clearFaults();
    }

    private void begin(String name, Runnable fault, Runnable atEnd) {
        counts.merge(name, 1, Integer::sum);
        end = atEnd;
        fault.run();
    }

    private void inject(String name, Fault fault) {
        int times = 1 + random.nextInt(MOST_COMMANDS);
        begin(name, () -> dispatcher.inject(fault, times), () -> {});
    }

    private Duration time() {
        return Duration.ofMillis(10 + random.nextInt(LONGEST_MILLIS));
    }

    private void removeFile() {
        try {
            Files.deleteIfExists(dispatcher.socket());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return counts.toString();
    }
}

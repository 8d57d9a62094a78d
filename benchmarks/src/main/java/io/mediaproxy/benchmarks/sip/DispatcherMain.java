package io.mediaproxy.benchmarks.sip;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.embedded.EmbeddedRelay;
import io.mediaproxy.embedded.report.DispatcherCounters;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A dispatcher and relay in a process of their own, so that they take the same from every proxy. It answers each line on its standard
 * input with its counters, and ends with it.
 */
public final class DispatcherMain {
    /** No call lasts as long: what a missed rate has left over is gone before the next one. */
    private static final Duration STREAM_TIMEOUT = Duration.ofSeconds(1);

    private DispatcherMain() {}

    /** Takes the path of the socket; says so when it listens. */
    public static void main(String[] arguments) throws Exception {
        try (EmbeddedRelay relay =
                        EmbeddedRelay.builder().streamTimeout(STREAM_TIMEOUT).start();
                EmbeddedDispatcher dispatcher = EmbeddedDispatcher.builder()
                        .socket(Path.of(arguments[0]))
                        .relays(relay)
                        .start()) {
            System.out.println("ready at " + dispatcher.socket());
            for (int said = System.in.read(); said >= 0; said = System.in.read()) {
                if (said == '\n') {
                    DispatcherCounters counters = dispatcher.counters();
                    System.out.println(counters.commands() + " " + counters.errors() + " " + counters.liveSessions());
                }
            }
        }
    }
}

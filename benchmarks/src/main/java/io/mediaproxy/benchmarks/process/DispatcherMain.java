package io.mediaproxy.benchmarks.process;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.embedded.EmbeddedRelay;
import io.mediaproxy.embedded.report.DispatcherCounters;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Runs the embedded dispatcher with one relay. It prints its counters for each line on standard input, and ends at the
 * end of the input.
 */
public final class DispatcherMain {
    /** Shorter than any call, so that the sessions of a missed rate are gone before the next rate. */
    private static final Duration STREAM_TIMEOUT = Duration.ofSeconds(1);

    private DispatcherMain() {}

    /** @param arguments the path of the socket */
    public static void main(String[] arguments) throws Exception {
        try (EmbeddedRelay relay =
                        EmbeddedRelay.builder().streamTimeout(STREAM_TIMEOUT).start();
                EmbeddedDispatcher dispatcher = EmbeddedDispatcher.builder()
                        .socket(Path.of(arguments[0]))
                        .relays(relay)
                        .start()) {
            for (int read = System.in.read(); read >= 0; read = System.in.read()) {
                if (read == '\n') {
                    DispatcherCounters counters = dispatcher.counters();
                    System.out.println(counters.commands() + " " + counters.errors() + " " + counters.liveSessions());
                }
            }
        }
    }
}

package io.mediaproxy.benchmarks.sip;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import java.nio.file.Path;

/** A dispatcher and relay in a process of their own, so that they take the same from every proxy. Ends with its standard input. */
public final class DispatcherMain {
    private DispatcherMain() {}

    /** Takes the path of the socket; says so when it listens. */
    public static void main(String[] arguments) throws Exception {
        try (EmbeddedDispatcher dispatcher =
                EmbeddedDispatcher.builder().socket(Path.of(arguments[0])).start()) {
            System.out.println("ready at " + dispatcher.socket());
            while (System.in.read() >= 0) {
                // Whoever started this has something to say, but nothing that would matter here.
            }
        }
    }
}

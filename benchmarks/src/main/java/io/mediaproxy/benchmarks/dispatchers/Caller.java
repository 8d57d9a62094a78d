package io.mediaproxy.benchmarks.dispatchers;

import java.io.IOException;

/** A connection to a dispatcher, with one call of two streams on it. Not thread-safe. An interrupt ends its waiting. */
interface Caller extends AutoCloseable {
    /** Begins a call with a new Call-ID; returns whether the reply has an address and a port for each stream. */
    boolean begin() throws IOException;

    /** Ends the latest call; returns whether the dispatcher knew it. */
    boolean end() throws IOException;

    @Override
    void close() throws IOException;
}

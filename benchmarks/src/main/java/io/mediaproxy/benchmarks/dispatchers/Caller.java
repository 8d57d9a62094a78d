package io.mediaproxy.benchmarks.dispatchers;

import java.io.IOException;

/** A connection to a dispatcher, with one call of two streams on it. Not thread-safe; an interrupt ends its waiting. */
interface Caller extends AutoCloseable {
    /**
     * Begins a call with a new Call-ID.
     *
     * @return whether the reply has an address and a port for each stream
     * @throws IOException if the connection is lost
     */
    boolean begin() throws IOException;

    /**
     * Ends the latest call.
     *
     * @return whether the dispatcher knew the call and ended it
     * @throws IOException if the connection is lost
     */
    boolean end() throws IOException;

    @Override
    void close() throws IOException;
}

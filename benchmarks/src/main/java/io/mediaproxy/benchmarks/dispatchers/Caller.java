package io.mediaproxy.benchmarks.dispatchers;

import java.io.IOException;

/** A connection to a dispatcher and the call on it, with two streams. One thread at a time; an interrupt ends its waiting. */
interface Caller extends AutoCloseable {
    /**
     * Begins a call, under a name that none had before.
     *
     * @return whether the dispatcher gave an address and a port for each stream
     * @throws IOException if the connection is of no more use
     */
    boolean begin() throws IOException;

    /**
     * Ends the call that was begun last.
     *
     * @return whether the dispatcher knew it and ended it
     * @throws IOException if the connection is of no more use
     */
    boolean end() throws IOException;

    @Override
    void close() throws IOException;
}

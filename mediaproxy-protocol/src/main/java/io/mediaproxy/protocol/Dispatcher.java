package io.mediaproxy.protocol;

import java.nio.file.Path;

/**
 * One of several dispatchers, see {@link DispatcherPool}: {@code Dispatcher.at(path).weight(2)}. Immutable.
 * Thread-safe.
 *
 * @param socket the dispatcher's UNIX socket; the path also decides which calls it gets
 * @param weight its share of new calls, compared with the weights of the other dispatchers; 1 to {@value #MAX_WEIGHT}
 */
public record Dispatcher(Path socket, int weight) {
    /** Largest weight. */
    public static final int MAX_WEIGHT = 1000;

    /**
     * Checks the weight.
     *
     * @throws IllegalArgumentException if it is out of its range
     */
    public Dispatcher {
        if (weight < 1 || weight > MAX_WEIGHT) {
            throw new IllegalArgumentException("weight must be 1 to " + MAX_WEIGHT + ", not " + weight);
        }
    }

    /**
     * Names a dispatcher of weight 1.
     *
     * @param socket its UNIX socket
     * @return the dispatcher
     */
    public static Dispatcher at(Path socket) {
        return new Dispatcher(socket, 1);
    }

    /**
     * Returns the same dispatcher with another weight.
     *
     * @param value 1 to {@value #MAX_WEIGHT}
     * @return a copy
     * @throws IllegalArgumentException if it is out of its range
     */
    public Dispatcher weight(int value) {
        return new Dispatcher(socket, value);
    }
}

package io.mediaproxy.embedded.relay;

import java.util.concurrent.ThreadLocalRandom;

/**
 * A range of UDP ports, used in pairs.
 *
 * @param first first port, even
 * @param last last port, included
 * @param start first port of the pair to use first
 */
public record PortRange(int first, int last, int start) {
    private static final int LARGEST_PORT = 65_535;

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException {@code first} is odd, or the range has no pair
     */
    public PortRange {
        if (first < 2 || first % 2 != 0 || last <= first || last > LARGEST_PORT) {
            throw new IllegalArgumentException(
                    "a port range begins with an even port and has at least two ports, got " + first + ".." + last);
        }
    }

    /** A range that is used from a random pair on. */
    public static PortRange fromRandomPair(int first, int last) {
        int pairs = (last - first + 1) / 2;
        return new PortRange(
                first, last, first + 2 * ThreadLocalRandom.current().nextInt(pairs));
    }
}

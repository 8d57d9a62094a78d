package io.mediaproxy.protocol;

import java.util.List;

/** What the dispatcher answered. */
public sealed interface DispatcherReply {
    /**
     * The relay's address and its RTP ports; RTCP is one above.
     *
     * <p>There is one port per stream that the relay holds, which may be fewer or more than the command named, and 0 for a stream
     * that it gave up. Ports may repeat.
     *
     * @param address IPv4 literal
     * @param ports at least one, each 0 to 65535
     */
    record Endpoints(String address, List<Integer> ports) implements DispatcherReply {
        /**
         * Checks the values.
         *
         * @throws IllegalArgumentException if the address is no IPv4 literal, or a port is out of range or none is given
         */
        public Endpoints {
            if (!Ipv4.isLiteral(address)) {
                throw new IllegalArgumentException("relay address is an IPv4 literal, not " + Excerpt.of(address));
            }
            ports = List.copyOf(ports);
            if (ports.isEmpty()) {
                throw new IllegalArgumentException("relay " + address + " without a port");
            }
            for (int port : ports) {
                if (port < 0 || port > MediaStream.MAX_PORT) {
                    throw new IllegalArgumentException("relay port is 0 to " + MediaStream.MAX_PORT + ", not " + port
                            + " (relay " + address + ")");
                }
            }
        }
    }

    /** An update was taken, but the relay has nothing to say: no stream yet, or a CSeq that it does not know. */
    record None() implements DispatcherReply {}

    /** The session is gone. */
    record Removed() implements DispatcherReply {}

    /** The dispatcher refused; on a remove this is usual and means that it knows no such session (any more). */
    @SuppressWarnings("JavaLangClash") // the dispatcher's own word, always qualified
    record Error() implements DispatcherReply {}
}

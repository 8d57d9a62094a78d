package io.mediaproxy.protocol;

import io.mediaproxy.protocol.log.Excerpt;
import java.util.List;

/** A reply of the dispatcher; its counterpart is {@link DispatcherCommand}. All replies are immutable. Thread-safe. */
public sealed interface DispatcherReply {
    /**
     * The relay's address and its RTP ports. RTCP is one port above.
     *
     * <p>There is one port for each stream that the relay holds, which may be fewer or more streams than the command
     * has, and 0 for a stream that the relay gave up. Ports may repeat.
     *
     * @param address IPv4 literal
     * @param ports at least one, each 0 to 65535
     */
    record Endpoints(String address, List<Integer> ports) implements DispatcherReply {
        /**
         * Checks the values.
         *
         * @throws IllegalArgumentException if the address is not an IPv4 literal, a port is out of range, or there is
         *     no port
         */
        public Endpoints {
            if (!Ipv4.isLiteral(address)) {
                throw new IllegalArgumentException("relay address must be an IPv4 literal, not " + Excerpt.of(address));
            }
            ports = List.copyOf(ports);
            if (ports.isEmpty()) {
                throw new IllegalArgumentException("relay " + address + " has no port");
            }
            for (int port : ports) {
                if (port < 0 || port > MediaStream.MAX_PORT) {
                    throw new IllegalArgumentException("relay port must be 0 to " + MediaStream.MAX_PORT + ", not "
                            + port + " (relay " + address + ")");
                }
            }
        }
    }

    /**
     * The update was accepted, but the relay has no ports for it: there is no stream yet, or it does not know the CSeq.
     */
    record None() implements DispatcherReply {}

    /** The session was removed. */
    record Removed() implements DispatcherReply {}

    /** The dispatcher refused the command. For a remove this is usual: it knows no such session, or no longer. */
    @SuppressWarnings("JavaLangClash") // the dispatcher's own word, always qualified
    record Error() implements DispatcherReply {}
}

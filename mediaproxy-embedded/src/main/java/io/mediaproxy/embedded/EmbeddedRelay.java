package io.mediaproxy.embedded;

import io.mediaproxy.embedded.relay.PortRange;
import io.mediaproxy.embedded.relay.Relay;
import io.mediaproxy.embedded.relay.RelaySettings;
import io.mediaproxy.embedded.report.SessionStatistics;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A media relay that forwards packets between real UDP ports, four for each stream. Thread-safe.
 *
 * <p>It may serve several {@link EmbeddedDispatcher}s, and outlive them: sessions stay on the relay, as they do when a
 * real dispatcher restarts. The end of a session is reported only to the dispatcher that created it.
 */
public final class EmbeddedRelay implements AutoCloseable {
    private final Relay relay;

    private EmbeddedRelay(Relay relay) {
        this.relay = relay;
    }

    /**
     * Configures a relay.
     *
     * @return a builder with the defaults of MediaProxy, except for the ports
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Starts a relay on 127.0.0.1 with the defaults of the builder.
     *
     * @return the relay, to be closed by the caller
     */
    public static EmbeddedRelay start() {
        return builder().start();
    }

    /**
     * Returns the address that identifies the relay, to a dispatcher and in the header {@code media_relay}.
     *
     * @return the local IPv4 address of its ports
     */
    public String address() {
        return relay.address();
    }

    /**
     * Counts open ports.
     *
     * @return number of UDP ports that are open now
     */
    public int portsInUse() {
        return relay.portsInUse();
    }

    /**
     * Returns the figures of all sessions that are alive.
     *
     * @return a snapshot, oldest session first
     */
    public List<SessionStatistics> sessions() {
        return relay.sessions();
    }

    /** Refuses new sessions from now on and serves those that exist, as the real relay does after SIGHUP. */
    public void halt() {
        relay.halt();
    }

    /** Ends at once the streams that have timed out by the relay's clock. Otherwise this happens once a second. */
    public void expireNow() {
        relay.expireNow();
    }

    /**
     * Ends all sessions and closes all ports, as the real relay does after SIGTERM. Its dispatcher is informed of each
     * session as if it had timed out.
     */
    @Override
    public void close() {
        relay.close();
    }

    /** Closes all ports without informing the dispatcher of the sessions, which still knows them. */
    public void crash() {
        relay.crash();
    }

    /** Returns when all packets that arrived are forwarded, and all commands sent are executed and answered. */
    void settle() {
        relay.settle();
    }

    Relay relay() {
        return relay;
    }

    /** Configures and starts a relay. Not thread-safe. */
    public static final class Builder {
        /** Below the range of ephemeral ports of Linux (32768..60999), so that the two do not collide. */
        private static final int DEFAULT_FIRST_PORT = 16_384;

        private static final int DEFAULT_LAST_PORT = 32_767;

        private Inet4Address bindAddress = ipv4("127.0.0.1");
        private @Nullable String advertisedAddress;
        private PortRange ports = PortRange.fromRandomPair(DEFAULT_FIRST_PORT, DEFAULT_LAST_PORT);
        private Duration streamTimeout = Duration.ofSeconds(90);
        private Duration holdTimeout = Duration.ofHours(2);
        private LongSupplier clock = System::nanoTime;

        private Builder() {}

        /**
         * Sets the local address of all ports; the default is 127.0.0.1.
         *
         * @param ipv4 IPv4 literal
         * @return this builder
         * @throws IllegalArgumentException it is no IPv4 literal
         */
        public Builder bindAddress(String ipv4) {
            bindAddress = ipv4(ipv4);
            return this;
        }

        /**
         * Sets the address in replies to clients, {@code advertised_ip} of the real relay; the default is the bound
         * address.
         *
         * @param ipv4 IPv4 literal
         * @return this builder
         * @throws IllegalArgumentException it is no IPv4 literal
         */
        public Builder advertisedAddress(String ipv4) {
            advertisedAddress = ipv4(ipv4).getHostAddress();
            return this;
        }

        /**
         * Sets the UDP ports to use. The default is 16384..32767, beginning with a random pair, so that relays of
         * several JVMs do not compete for the same ports.
         *
         * @param first the port to begin with, even
         * @param last the last port, included
         * @return this builder
         * @throws IllegalArgumentException {@code first} is odd, or the range has no pair
         */
        public Builder portRange(int first, int last) {
            ports = new PortRange(first, last, first);
            return this;
        }

        /**
         * Sets how long a stream lives without media; the default is 90 s.
         *
         * @param timeout positive
         * @return this builder
         * @throws IllegalArgumentException it is not positive
         */
        public Builder streamTimeout(Duration timeout) {
            streamTimeout = positive(timeout);
            return this;
        }

        /**
         * Sets how long a stream on hold lives without media; the default is 2 h.
         *
         * @param timeout positive
         * @return this builder
         * @throws IllegalArgumentException it is not positive
         */
        public Builder holdTimeout(Duration timeout) {
            holdTimeout = positive(timeout);
            return this;
        }

        /**
         * Sets the clock. With one that stands still nothing expires until it moves and
         * {@link EmbeddedRelay#expireNow()} is called.
         *
         * @param nanoClock nanoseconds, as {@link System#nanoTime}, which is the default
         * @return this builder
         */
        public Builder clock(LongSupplier nanoClock) {
            clock = nanoClock;
            return this;
        }

        /**
         * Starts the relay. It holds no port until a session needs one.
         *
         * @return the relay, to be closed by the caller
         * @throws IllegalArgumentException it is bound to 0.0.0.0 and has no advertised address
         * @throws java.io.UncheckedIOException the system has no selector left
         */
        public EmbeddedRelay start() {
            if (bindAddress.isAnyLocalAddress() && advertisedAddress == null) {
                throw new IllegalArgumentException("a relay on 0.0.0.0 needs an advertised address");
            }
            String advertised = advertisedAddress == null ? bindAddress.getHostAddress() : advertisedAddress;
            return new EmbeddedRelay(
                    Relay.start(new RelaySettings(bindAddress, advertised, ports, streamTimeout, holdTimeout, clock)));
        }

        private static Duration positive(Duration timeout) {
            if (timeout.isZero() || timeout.isNegative()) {
                throw new IllegalArgumentException("a timeout is positive, got " + timeout);
            }
            return timeout;
        }

        private static Inet4Address ipv4(String literal) {
            if (!literal.matches("\\d{1,3}(\\.\\d{1,3}){3}")) {
                throw new IllegalArgumentException("not an IPv4 literal: " + literal);
            }
            try {
                return (Inet4Address) InetAddress.getByName(literal);
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException("not an IPv4 literal: " + literal, e);
            }
        }
    }
}

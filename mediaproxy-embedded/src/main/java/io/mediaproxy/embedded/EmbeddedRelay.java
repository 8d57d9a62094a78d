package io.mediaproxy.embedded;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A media relay: real UDP ports, four for each stream, that pass on what comes in. It serves one {@link EmbeddedDispatcher}
 * at a time and may outlive it: sessions stay on the relay, as they do when a real dispatcher restarts.
 *
 * <p>All its ports and sessions belong to one thread. All methods may be called from any thread.
 */
public final class EmbeddedRelay implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedRelay.class);
    private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long SAMPLING_NANOS = TimeUnit.SECONDS.toNanos(15);

    private final String address;
    private final LongSupplier clock;
    private final long startNanos;
    private final SelectorLoop loop;
    private final RelayContext context;
    private final RelaySessions sessions;
    private volatile Dispatcher dispatcher = Dispatcher.NONE;
    private volatile boolean halting;

    private boolean down;
    private long sampledBytes;
    private @Nullable Double bitsPerSecond;

    /** The dispatcher's side of the link; called on the relay's thread. */
    interface Dispatcher {
        Dispatcher NONE = new Dispatcher() {
            @Override
            public void expired(SessionStatistics statistics) {
                LOG.debug("Session {} expired, no dispatcher is connected", statistics.callId());
            }

            @Override
            public void disconnected() {
                LOG.debug("A relay without dispatcher closes");
            }
        };

        void expired(SessionStatistics statistics);

        void disconnected();
    }

    private EmbeddedRelay(Builder builder) {
        this.address = builder.bindAddress.getHostAddress();
        this.clock = builder.clock;
        this.startNanos = clock.getAsLong();
        this.loop = new SelectorLoop("mediaproxy-relay-" + address, clock);
        PortPool ports = new PortPool(builder.bindAddress, builder.firstPort, builder.lastPort, builder.startPort());
        this.context = new RelayContext(loop, ports, clock, builder.streamTimeout, builder.holdTimeout);
        String advertised = builder.advertisedAddress == null ? address : builder.advertisedAddress;
        this.sessions = new RelaySessions(context, address, advertised, statistics -> dispatcher.expired(statistics));
    }

    public static Builder builder() {
        return new Builder();
    }

    /** A relay on 127.0.0.1 with the defaults of the builder. */
    public static EmbeddedRelay start() {
        return builder().start();
    }

    /** The address that its ports are bound to, by which a dispatcher and the header {@code media_relay} know it. */
    public String address() {
        return address;
    }

    /** UDP ports that are open now. */
    public int portsInUse() {
        return loop.call(() -> context.ports().portsInUse());
    }

    /** The sessions that are alive. */
    public List<SessionStatistics> sessions() {
        return loop.call(sessions::statistics);
    }

    /** From now on takes no new sessions and serves those that it has: what the real one does on SIGHUP. */
    public void halt() {
        halting = true;
    }

    /** Looks at once for streams whose time is over by the relay's clock; without it that happens once a second. */
    public void expireNow() {
        loop.call(() -> {
            expire();
            return true;
        });
    }

    /**
     * Ends all sessions and closes all ports: what the real one does on SIGTERM. The dispatcher hears of the sessions as if
     * they had run out.
     */
    @Override
    public void close() {
        shutDown(sessions::expireAll);
    }

    /** Closes all ports without a word: to the dispatcher the relay is lost with its sessions, and they stay known. */
    public void crash() {
        shutDown(sessions::close);
    }

    private void shutDown(Runnable how) {
        loop.execute(() -> {
            down = true;
            how.run();
            dispatcher.disconnected();
        });
        loop.close();
    }

    void connect(Dispatcher newDispatcher) {
        dispatcher = newDispatcher;
    }

    void disconnect(Dispatcher oldDispatcher) {
        if (dispatcher == oldDispatcher) {
            dispatcher = Dispatcher.NONE;
        }
    }

    /**
     * The calls that it has sessions of.
     *
     * @throws IllegalStateException the relay is closed
     */
    Set<String> callIds() {
        return loop.call(sessions::callIds);
    }

    /** Executes a command; the reply comes on the relay's thread, in the order of the commands. */
    void send(Command command, Consumer<RelayReply> reply) {
        boolean accepted = loop.execute(() -> {
            RelayReply answer = execute(command);
            context.releaseClosedChannels();
            reply.accept(answer);
        });
        if (!accepted) {
            reply.accept(RelayReply.Failure.DISCONNECTED);
        }
    }

    /** Returns when all packets that arrived are passed on, and all commands sent are executed and answered. */
    void settle() {
        try {
            loop.call(() -> {
                loop.selectNow();
                return true;
            });
        } catch (IllegalStateException e) {
            LOG.debug("Nothing to wait for: {}", e.getMessage());
        }
    }

    private RelayReply execute(Command command) {
        if (down) {
            return RelayReply.Failure.DISCONNECTED;
        }
        try {
            // The relay takes "name number" apart at any white space, so white space around the name does not count.
            return switch (command.name().strip()) {
                case "update" -> sessions.update(new RelayHeaders(command.headerLines()), halting);
                case "remove" -> sessions.remove(new RelayHeaders(command.headerLines()));
                case "sessions" -> new RelayReply.Line(StatisticsJson.sessions(sessions.statistics()));
                case "summary" -> new RelayReply.Line(summary());
                default -> throw new RelayRefusalException("unknown command");
            };
        } catch (RelayRefusalException e) {
            LOG.debug("Relay {} refuses a command for call {}: {}", address, command.callId(), e.getMessage());
            return RelayReply.Failure.ERROR;
        }
    }

    private String summary() {
        Duration uptime = Duration.ofNanos(clock.getAsLong() - startNanos);
        return StatisticsJson.summary(
                address, halting, uptime, sessions.count(), sessions.streamCount(), bitsPerSecond);
    }

    private void expire() {
        sessions.expire();
        context.releaseClosedChannels();
    }

    private void tick() {
        expire();
        loop.schedule(TICK_NANOS, this::tick);
    }

    private void sample() {
        long bytes = context.bytesRelayed();
        bitsPerSecond = 8.0 * (bytes - sampledBytes) / TimeUnit.NANOSECONDS.toSeconds(SAMPLING_NANOS);
        sampledBytes = bytes;
        loop.schedule(SAMPLING_NANOS, this::sample);
    }

    /** What a relay is made of; the defaults are those of MediaProxy except for the ports. */
    public static final class Builder {
        /** Below the range that Linux gives to clients' sockets (32768..60999), so that the two do not get in each other's way. */
        private static final int DEFAULT_FIRST_PORT = 16_384;

        private static final int DEFAULT_LAST_PORT = 32_767;
        private static final int LARGEST_PORT = 65_535;

        private Inet4Address bindAddress = ipv4("127.0.0.1");
        private @Nullable String advertisedAddress;
        private int firstPort = DEFAULT_FIRST_PORT;
        private int lastPort = DEFAULT_LAST_PORT;
        private boolean portsGiven;
        private Duration streamTimeout = Duration.ofSeconds(90);
        private Duration holdTimeout = Duration.ofHours(2);
        private LongSupplier clock = System::nanoTime;

        private Builder() {}

        /** An IPv4 literal of this machine; default 127.0.0.1. */
        public Builder bindAddress(String ipv4) {
            bindAddress = ipv4(ipv4);
            return this;
        }

        /** The IPv4 literal that clients are told instead of the bound one ({@code advertised_ip}). */
        public Builder advertisedAddress(String ipv4) {
            advertisedAddress = ipv4(ipv4).getHostAddress();
            return this;
        }

        /**
         * The UDP ports to use, both included, taken from the first one on. The default is 16384..32767 from a random pair
         * on, so that relays of several JVMs do not queue up for the same ports.
         *
         * @throws IllegalArgumentException {@code first} is odd, or the range has no pair
         */
        public Builder portRange(int first, int last) {
            if (first < 2 || first % 2 != 0 || last <= first || last > LARGEST_PORT) {
                throw new IllegalArgumentException(
                        "A port range begins with an even port and has at least two ports, got " + first + ".." + last);
            }
            firstPort = first;
            lastPort = last;
            portsGiven = true;
            return this;
        }

        /** How long a stream lives without media; default 90 s. */
        public Builder streamTimeout(Duration timeout) {
            streamTimeout = positive(timeout);
            return this;
        }

        /** How long a stream on hold lives without media; default 2 h. */
        public Builder holdTimeout(Duration timeout) {
            holdTimeout = positive(timeout);
            return this;
        }

        /** A nano clock; with one that stands still nothing expires until it moves and {@link EmbeddedRelay#expireNow()} is called. */
        public Builder clock(LongSupplier nanoClock) {
            clock = nanoClock;
            return this;
        }

        /** Starts the relay; it holds no port until a session needs some. */
        public EmbeddedRelay start() {
            if (bindAddress.isAnyLocalAddress() && advertisedAddress == null) {
                throw new IllegalArgumentException("A relay on 0.0.0.0 needs an advertised address");
            }
            EmbeddedRelay relay = new EmbeddedRelay(this);
            relay.loop.schedule(TICK_NANOS, relay::tick);
            relay.loop.schedule(SAMPLING_NANOS, relay::sample);
            relay.loop.start();
            return relay;
        }

        private int startPort() {
            int pairs = (lastPort - firstPort + 1) / 2;
            return portsGiven
                    ? firstPort
                    : firstPort + 2 * ThreadLocalRandom.current().nextInt(pairs);
        }

        private static Duration positive(Duration timeout) {
            if (timeout.isZero() || timeout.isNegative()) {
                throw new IllegalArgumentException("A timeout is positive, got " + timeout);
            }
            return timeout;
        }

        private static Inet4Address ipv4(String literal) {
            if (!literal.matches("\\d{1,3}(\\.\\d{1,3}){3}")) {
                throw new IllegalArgumentException("Not an IPv4 literal: " + literal);
            }
            try {
                return (Inet4Address) InetAddress.getByName(literal);
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException("Not an IPv4 literal: " + literal, e);
            }
        }
    }
}

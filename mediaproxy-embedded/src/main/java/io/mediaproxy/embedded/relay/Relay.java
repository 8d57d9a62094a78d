package io.mediaproxy.embedded.relay;

import io.mediaproxy.embedded.log.Log;
import io.mediaproxy.embedded.loop.SelectorLoop;
import io.mediaproxy.embedded.report.SessionStatistics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A media relay: executes the commands of its dispatchers and forwards packets between UDP ports. Thread-safe.
 *
 * <p>One thread owns all its ports and sessions. The relay may outlive its dispatchers: sessions stay, as they do when
 * a real dispatcher restarts. It reports the end of a session to the dispatcher that created it, and to no other.
 */
public final class Relay {
    private static final Log LOG = Log.of(Relay.class);
    private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long SAMPLING_NANOS = TimeUnit.SECONDS.toNanos(15);

    private final String address;
    private final LongSupplier clock;
    private final long startNanos;
    private final SelectorLoop loop;
    private final RelayContext context;
    private final RelaySessions sessions;
    private final Map<String, DispatcherLink> dispatchers = new ConcurrentHashMap<>();
    private volatile boolean halting;

    private volatile boolean down;
    private long sampledBytes;
    private @Nullable Double bitsPerSecond;

    private Relay(RelaySettings settings) {
        this.address = settings.bindAddress().getHostAddress();
        this.clock = settings.clock();
        this.startNanos = clock.getAsLong();
        this.loop = new SelectorLoop("mediaproxy-relay-" + address, clock);
        this.context = new RelayContext(loop, settings);
        this.sessions = new RelaySessions(context, address, settings.advertisedAddress(), this::expired);
    }

    /**
     * Starts a relay. It holds no port until a session needs one.
     *
     * @param settings of the relay
     * @return the relay, to be closed by the caller
     */
    public static Relay start(RelaySettings settings) {
        Relay relay = new Relay(settings);
        relay.loop.schedule(TICK_NANOS, relay::tick);
        relay.loop.schedule(SAMPLING_NANOS, relay::sample);
        relay.loop.start();
        return relay;
    }

    /** The local address of its ports, by which a dispatcher and the header {@code media_relay} know it. */
    public String address() {
        return address;
    }

    /** Whether it is neither closed nor crashed. */
    public boolean isOpen() {
        return !down;
    }

    /** The number of UDP ports that are open now. */
    public int portsInUse() {
        return loop.call(() -> context.ports().portsInUse());
    }

    /** Figures of the sessions that are alive. */
    public List<SessionStatistics> sessions() {
        return loop.call(sessions::statistics);
    }

    /** Refuses new sessions from now on and serves those that exist. */
    public void halt() {
        halting = true;
    }

    /** Ends at once the streams that have timed out by the relay's clock. Otherwise this happens once a second. */
    public void expireNow() {
        loop.call(() -> {
            expire();
            return true;
        });
    }

    /** Ends all sessions, reports each to its dispatcher as expired, and closes all ports. */
    public void close() {
        shutDown(sessions::expireAll);
    }

    /** Closes all ports and reports no session. */
    public void crash() {
        shutDown(sessions::close);
    }

    private void shutDown(Runnable how) {
        loop.execute(() -> {
            down = true;
            how.run();
            dispatchers.values().forEach(DispatcherLink::disconnected);
        });
        loop.close();
    }

    /** Connects a dispatcher. This ends an earlier connection of the same dispatcher. */
    public void connect(DispatcherLink link) {
        dispatchers.put(link.dispatcher(), link);
    }

    /** Disconnects a dispatcher, unless it has connected again. */
    public void disconnect(DispatcherLink link) {
        dispatchers.remove(link.dispatcher(), link);
    }

    private void expired(String dispatcher, SessionStatistics statistics) {
        DispatcherLink link = dispatchers.get(dispatcher);
        if (link == null) {
            LOG.debug("a session timed out whose dispatcher is not connected");
        } else {
            link.expired(statistics);
        }
    }

    /**
     * The Call-IDs of its sessions.
     *
     * @throws IllegalStateException the relay is closed
     */
    public Set<String> callIds() {
        return loop.call(sessions::callIds);
    }

    /**
     * Executes a command.
     *
     * @param dispatcher that sends it
     * @param reply receives the reply, on the relay's thread and in the order of the commands; on the caller's thread
     *     if the relay is closed
     */
    public void send(RelayCommand command, String dispatcher, Consumer<RelayReply> reply) {
        boolean accepted = loop.execute(() -> {
            RelayReply answer = execute(command, dispatcher);
            context.releaseClosedChannels();
            reply.accept(answer);
        });
        if (!accepted) {
            reply.accept(RelayReply.Failure.DISCONNECTED);
        }
    }

    /** Returns when all packets that arrived are forwarded, and all commands sent are executed and answered. */
    public void settle() {
        try {
            loop.call(() -> {
                loop.selectNow();
                return true;
            });
        } catch (IllegalStateException e) {
            LOG.debug("nothing to wait for: {}", e.getMessage());
        }
    }

    private RelayReply execute(RelayCommand command, String dispatcher) {
        if (down) {
            return RelayReply.Failure.DISCONNECTED;
        }
        RelayHeaders headers = new RelayHeaders(command.headers());
        try {
            // The relay splits "name number" at any white space, so white space around the name does not count.
            return switch (command.name().strip()) {
                case "update" -> sessions.update(headers, dispatcher, halting);
                case "remove" -> sessions.remove(headers);
                case "sessions" -> new RelayReply.Line(StatisticsJson.sessions(sessions.statistics()));
                case "summary" -> new RelayReply.Line(summary());
                default -> throw new RelayRefusalException("unknown command");
            };
        } catch (RelayRefusalException e) {
            LOG.debug("relay {} refuses a command: {}", address, e.getMessage());
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
}

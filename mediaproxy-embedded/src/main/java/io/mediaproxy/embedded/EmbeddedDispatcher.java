package io.mediaproxy.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A MediaProxy dispatcher: listens on a UNIX stream socket, answers as the real one does, and has its relays in this JVM.
 *
 * <pre>{@code
 * try (EmbeddedDispatcher dispatcher = EmbeddedDispatcher.start()) {
 *     client.connect(dispatcher.socket());
 *     dispatcher.order(new Fault.SayError());
 *     ...
 * }
 * }</pre>
 *
 * <p>One thread serves all connections. All methods may be called from any thread.
 */
public final class EmbeddedDispatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDispatcher.class);
    private static final int READ_BUFFER_SIZE = 64 * 1024;
    private static final long HOUSEKEEPING_NANOS = TimeUnit.SECONDS.toNanos(600);

    private final ListeningSocket listener;
    private final BackChannel backChannel;
    private final SelectorLoop loop;
    private final CommandRouter router;
    private final Consumer<ReceivedCommand> commandListener;
    private final FaultPlan faults = new FaultPlan();
    private final Misbehaviour misbehaviour;
    private final Set<ControlConnection> connections = new LinkedHashSet<>();
    private final ByteBuffer readBuffer = ByteBuffer.allocateDirect(READ_BUFFER_SIZE);
    private final @Nullable EmbeddedRelay ownRelay;
    private final AtomicLong commands = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedDispatcher(
            Builder builder,
            ListeningSocket listener,
            BackChannel backChannel,
            List<EmbeddedRelay> relays,
            @Nullable EmbeddedRelay ownRelay)
            throws IOException {
        this.listener = listener;
        this.backChannel = backChannel;
        this.loop = new SelectorLoop("mediaproxy-dispatcher", builder.clock);
        this.router = new CommandRouter(loop, builder.clock, builder.random, builder.sessionListener, backChannel);
        this.misbehaviour = new Misbehaviour(router, loop, this::send);
        this.commandListener = builder.commandListener;
        this.ownRelay = ownRelay;
        try {
            loop.register(listener.channel(), SelectionKey.OP_ACCEPT, key -> accept());
            loop.schedule(HOUSEKEEPING_NANOS, this::housekeeping);
        } catch (IOException | RuntimeException e) {
            loop.close();
            throw e;
        }
        relays.forEach(router::connect);
        loop.start();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** A dispatcher with one relay on 127.0.0.1, in a directory of its own. */
    public static EmbeddedDispatcher start() {
        return builder().start();
    }

    /** Where it listens. */
    public Path socket() {
        return listener.path();
    }

    /** The sessions that are alive, on all relays. */
    public List<SessionStatistics> sessions() {
        List<SessionStatistics> sessions = new ArrayList<>();
        relays().forEach(relay -> sessions.addAll(relay.sessions()));
        return sessions;
    }

    public DispatcherCounters counters() {
        int live = 0;
        int ports = 0;
        for (EmbeddedRelay relay : relays()) {
            live += relay.sessions().size();
            ports += relay.portsInUse();
        }
        int connected = loop.call(connections::size);
        return new DispatcherCounters(commands.get(), errors.get(), connected, live, ports);
    }

    /**
     * Adds a relay. One with the address of a connected relay takes its place, as after a relay's restart: calls that it does
     * not have are forgotten, and the SIP server is asked to end them.
     */
    public void connect(EmbeddedRelay relay) {
        loop.call(() -> {
            router.connect(relay);
            return true;
        });
    }

    /** The next command of any client goes wrong in this way. */
    public void order(Fault fault) {
        order(fault, 1);
    }

    /** The next commands of any client go wrong in this way. */
    public void order(Fault fault, int times) {
        faults.add(fault, command -> true, times);
    }

    /**
     * Every command that fits goes wrong in this way, until {@link #clearFaults()}. Of several orders that fit a command the
     * earliest counts.
     *
     * @param which called on the dispatcher's thread
     */
    public void order(Fault fault, Predicate<ReceivedCommand> which) {
        faults.add(fault, which, Integer.MAX_VALUE);
    }

    /** Takes back all orders that are not used up. */
    public void clearFaults() {
        faults.clear();
    }

    /**
     * Does at once what is due by the clocks of the dispatcher and its relays, and returns when it is done and the listener
     * was told: delayed replies go out, streams and sessions that ran out end and their datagrams are sent.
     */
    public void expireNow() {
        relays().forEach(EmbeddedRelay::expireNow);
        loop.call(() -> {
            loop.runTimers();
            return true;
        });
        backChannel.expireNow();
    }

    /**
     * Returns when all that clients have sent so far is read, executed and answered as far as it can be: what a test waits for
     * that wants to see that no reply comes.
     */
    void settle() {
        // The first look accepts connections, the second one reads from them.
        for (int look = 0; look < 2; look++) {
            loop.call(() -> {
                loop.selectNow();
                loop.runTimers();
                return true;
            });
        }
        do {
            relays().forEach(EmbeddedRelay::settle);
        } while (loop.call(router::waitsForRelay));
        backChannel.settle();
    }

    /** Requests to the SIP server that wait for their answer. */
    int unansweredDatagrams() {
        return backChannel.unanswered();
    }

    /**
     * Stops listening, lets commands in flight be answered, closes all connections and removes the socket file, and the
     * directory if it was made for it. Relays that were handed in stay open, with their sessions; the own one is closed.
     */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        loop.execute(listener::stop);
        relays().forEach(EmbeddedRelay::settle);
        loop.execute(() -> {
            List.copyOf(connections).forEach(ControlConnection::close);
            router.disconnectAll();
        });
        loop.close();
        backChannel.close();
        listener.close();
        if (ownRelay != null) {
            ownRelay.close();
        }
    }

    private List<EmbeddedRelay> relays() {
        return loop.call(router::relays);
    }

    private void housekeeping() {
        router.forgetExpired();
        loop.schedule(HOUSEKEEPING_NANOS, this::housekeeping);
    }

    private void accept() {
        try {
            for (SocketChannel channel = listener.accept(); channel != null; channel = listener.accept()) {
                ControlConnection connection =
                        new ControlConnection(channel, readBuffer, this::received, connections::remove);
                connections.add(connection);
                connection.watch(loop);
            }
        } catch (IOException e) {
            LOG.warn("Accepting a connection on {} failed", socket(), e);
        }
    }

    private void received(ControlConnection connection, Command command) {
        commands.incrementAndGet();
        ReceivedCommand seen = new ReceivedCommand(command.name(), command.callId(), command.text());
        commandListener.accept(seen);
        Fault fault = faults.take(seen);
        if (fault == null) {
            router.route(command, line -> send(connection, line));
        } else {
            LOG.debug("Command {} for call {} meets {}", command.name(), command.callId(), fault);
            misbehaviour.execute(fault, connection, command);
        }
    }

    private void send(ControlConnection connection, String line) {
        if (line.equals(CommandRouter.ERROR)) {
            errors.incrementAndGet();
        }
        connection.send(Misbehaviour.encode(line));
    }

    /** What a dispatcher is made of. */
    public static final class Builder {
        /** What the real one calls its end of the back channel. */
        private static final String BACK_CHANNEL_FILE = "opensips.sock";

        private @Nullable Path socket;
        private @Nullable Path openSipsSocket;
        private @Nullable List<EmbeddedRelay> relays;
        private LongSupplier clock = System::nanoTime;
        private Random random = new Random();
        private SessionListener sessionListener =
                statistics -> LOG.debug("Session {} ended after {}", statistics.callId(), statistics.duration());

        private Consumer<ReceivedCommand> commandListener = command -> LOG.debug("Command {}", command.name());

        private Builder() {}

        /**
         * Where to listen. A stale socket file there is replaced; anything else in its place is an error. The default is a
         * file in a fresh temporary directory.
         */
        public Builder socket(Path path) {
            socket = path;
            return this;
        }

        /**
         * The UNIX datagram socket of the SIP server that is asked to end a dialog when its media stops, the real one's
         * {@code socket_path} in {@code [OpenSIPS]}; default: nobody is asked. The answers come to {@code opensips.sock} beside
         * the dispatcher's own socket; a stale socket file there is replaced.
         *
         * <p>Somebody has to listen before a call with a {@code dialog_id} runs out: if nobody does, the relay's connection is
         * dropped for a second, as the package's documentation says.
         */
        public Builder openSipsSocket(Path path) {
            openSipsSocket = path;
            return this;
        }

        /**
         * The relays to use, none at all for a dispatcher whose relays are not there; the caller closes them. By default the
         * dispatcher starts one and closes it.
         */
        public Builder relays(EmbeddedRelay... some) {
            relays = List.of(some);
            return this;
        }

        /** A nano clock for delays, and for the relay that the dispatcher starts itself. */
        public Builder clock(LongSupplier nanoClock) {
            clock = nanoClock;
            return this;
        }

        /** Decides the order in which relays are tried for a new call, and the ids of datagrams. */
        public Builder random(Random source) {
            random = source;
            return this;
        }

        public Builder sessionListener(SessionListener listener) {
            sessionListener = listener;
            return this;
        }

        /**
         * Hears of every command before anything is done about it; called on the dispatcher's thread, which serves nobody
         * meanwhile.
         */
        public Builder commandListener(Consumer<ReceivedCommand> listener) {
            commandListener = listener;
            return this;
        }

        /**
         * Starts to listen. What cannot be started leaves nothing open, and no file.
         *
         * @throws UncheckedIOException a socket cannot be bound, or the system gives no selector
         * @throws IllegalArgumentException two relays have the same address, or another socket is to be where the answers come to
         */
        public EmbeddedDispatcher start() {
            if (relays != null
                    && relays.stream().map(EmbeddedRelay::address).distinct().count() < relays.size()) {
                throw new IllegalArgumentException(
                        "Two relays have the same address; a dispatcher tells them apart by it");
            }
            if (relays != null) {
                return start(relays, null);
            }
            EmbeddedRelay ownRelay = EmbeddedRelay.builder().clock(clock).start();
            try {
                return start(List.of(ownRelay), ownRelay);
            } catch (RuntimeException e) {
                ownRelay.close();
                throw e;
            }
        }

        private EmbeddedDispatcher start(List<EmbeddedRelay> itsRelays, @Nullable EmbeddedRelay ownRelay) {
            ListeningSocket listener = socket == null
                    ? ListeningSocket.bindInFreshDirectory(Path.of(System.getProperty("java.io.tmpdir")))
                    : ListeningSocket.bind(socket);
            try {
                return start(listener, openBackChannel(listener.path()), itsRelays, ownRelay);
            } catch (IOException e) {
                listener.close();
                throw new UncheckedIOException("The dispatcher cannot listen on " + listener.path(), e);
            } catch (RuntimeException e) {
                listener.close();
                throw e;
            }
        }

        private EmbeddedDispatcher start(
                ListeningSocket listener,
                BackChannel backChannel,
                List<EmbeddedRelay> itsRelays,
                @Nullable EmbeddedRelay ownRelay)
                throws IOException {
            try {
                return new EmbeddedDispatcher(this, listener, backChannel, itsRelays, ownRelay);
            } catch (IOException | RuntimeException e) {
                backChannel.close();
                throw e;
            }
        }

        private BackChannel openBackChannel(Path listening) {
            if (openSipsSocket == null) {
                return BackChannel.NONE;
            }
            Path own = listening.resolveSibling(BACK_CHANNEL_FILE);
            for (Path taken : List.of(listening, openSipsSocket)) {
                if (taken.toAbsolutePath()
                        .normalize()
                        .equals(own.toAbsolutePath().normalize())) {
                    throw new IllegalArgumentException(
                            "The answers of the SIP server come to " + own + ", no other socket can be there");
                }
            }
            return DatagramBackChannel.open(own, openSipsSocket, random, clock);
        }
    }
}

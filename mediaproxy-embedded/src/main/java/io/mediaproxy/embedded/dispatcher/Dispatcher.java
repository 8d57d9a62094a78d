package io.mediaproxy.embedded.dispatcher;

import io.mediaproxy.embedded.loop.SelectorLoop;
import io.mediaproxy.embedded.relay.Relay;
import io.mediaproxy.embedded.report.DispatcherCounters;
import io.mediaproxy.embedded.report.Fault;
import io.mediaproxy.embedded.report.ReceivedCommand;
import io.mediaproxy.embedded.report.SessionStatistics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens on a UNIX stream socket and forwards commands to relays. One thread does all the work. Thread-safe. */
public final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final int READ_BUFFER_SIZE = 64 * 1024;
    private static final long HOUSEKEEPING_NANOS = TimeUnit.SECONDS.toNanos(600);

    /** The name of the socket to which the SIP server's answers come, as in the real dispatcher. */
    private static final String BACK_CHANNEL_FILE = "opensips.sock";

    private final ListeningSocket listener;
    private final BackChannel backChannel;
    private final SelectorLoop loop;
    private final CommandRouter router;
    private final Consumer<ReceivedCommand> commandListener;
    private final FaultPlan faults = new FaultPlan();
    private final Misbehaviour misbehaviour;
    private final Set<ControlConnection> connections = new LinkedHashSet<>();
    private final ByteBuffer readBuffer = ByteBuffer.allocateDirect(READ_BUFFER_SIZE);
    private final AtomicLong commands = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private final AtomicBoolean closed = new AtomicBoolean();

    private Dispatcher(
            DispatcherSettings settings, ListeningSocket listener, BackChannel backChannel, List<Relay> relays)
            throws IOException {
        this.listener = listener;
        this.backChannel = backChannel;
        this.loop = new SelectorLoop("mediaproxy-dispatcher", settings.clock());
        this.router = new CommandRouter(loop, settings, backChannel);
        this.misbehaviour = new Misbehaviour(router, loop, this::send);
        this.commandListener = settings.commandListener();
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

    /**
     * Starts to listen. A failed start leaves nothing open, and no file.
     *
     * @param settings of the dispatcher
     * @param relays to use; they stay open when the dispatcher closes
     * @return the dispatcher, to be closed by the caller
     * @throws UncheckedIOException a socket cannot be bound, or the system has no selector left
     * @throws IllegalArgumentException the socket for the answers of the SIP server is one of the other sockets
     */
    public static Dispatcher start(DispatcherSettings settings, List<Relay> relays) {
        WarmUp.await();
        return open(settings, relays);
    }

    /** As {@link #start}, without a warm-up. */
    static Dispatcher open(DispatcherSettings settings, List<Relay> relays) {
        Path path = settings.socket();
        ListeningSocket listener = path == null
                ? ListeningSocket.bindInNewDirectory(Path.of(System.getProperty("java.io.tmpdir")))
                : ListeningSocket.bind(path);
        try {
            BackChannel backChannel = openBackChannel(settings, listener.path());
            try {
                return new Dispatcher(settings, listener, backChannel, relays);
            } catch (IOException | RuntimeException e) {
                backChannel.close();
                throw e;
            }
        } catch (IOException e) {
            listener.close();
            throw new UncheckedIOException("the dispatcher cannot listen on " + listener.path(), e);
        } catch (RuntimeException e) {
            listener.close();
            throw e;
        }
    }

    private static BackChannel openBackChannel(DispatcherSettings settings, Path listening) {
        Path sipServer = settings.openSipsSocket();
        if (sipServer == null) {
            return BackChannel.NONE;
        }
        Path own = listening.resolveSibling(BACK_CHANNEL_FILE);
        for (Path taken : List.of(listening, sipServer)) {
            if (taken.toAbsolutePath().normalize().equals(own.toAbsolutePath().normalize())) {
                throw new IllegalArgumentException(
                        "the socket for the answers of the SIP server is " + own + ", no other one can be there");
            }
        }
        return DatagramBackChannel.open(own, sipServer, settings.random(), settings.clock());
    }

    /** The path of the socket. */
    public Path socket() {
        return listener.path();
    }

    /** Figures of the sessions that are alive, on all relays. */
    public List<SessionStatistics> sessions() {
        List<SessionStatistics> sessions = new ArrayList<>();
        relays().forEach(relay -> sessions.addAll(relay.sessions()));
        return sessions;
    }

    /** A snapshot of its counters. */
    public DispatcherCounters counters() {
        int live = 0;
        int ports = 0;
        for (Relay relay : relays()) {
            live += relay.sessions().size();
            ports += relay.portsInUse();
        }
        int connected = loop.call(connections::size);
        return new DispatcherCounters(commands.get(), errors.get(), connected, live, ports);
    }

    /** Adds a relay, or replaces one with the same address. */
    public void connect(Relay relay) {
        loop.call(() -> {
            router.connect(relay);
            return true;
        });
    }

    /** Plans a fault for the next {@code times} commands that match. */
    public void inject(Fault fault, Predicate<ReceivedCommand> which, int times) {
        faults.add(fault, which, times);
    }

    /** Drops all planned faults. */
    public void clearFaults() {
        faults.clear();
    }

    /** Executes at once all timers that are due, of the dispatcher and its relays. */
    public void expireNow() {
        relays().forEach(Relay::expireNow);
        loop.call(() -> {
            loop.runTimers();
            return true;
        });
        backChannel.expireNow();
    }

    /** Returns when everything that clients have sent is read, executed and answered as far as possible. */
    public void settle() {
        // The first look accepts connections, the second one reads from them.
        for (int look = 0; look < 2; look++) {
            loop.call(() -> {
                loop.selectNow();
                loop.runTimers();
                return true;
            });
        }
        do {
            relays().forEach(Relay::settle);
        } while (loop.call(router::waitsForRelay));
        backChannel.settle();
    }

    /** The number of requests to the SIP server that wait for an answer. */
    public int unansweredDatagrams() {
        return backChannel.unanswered();
    }

    /** Stops listening, waits for commands in flight, closes all connections and removes its files. */
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        loop.execute(listener::stop);
        relays().forEach(Relay::settle);
        loop.execute(() -> {
            List.copyOf(connections).forEach(ControlConnection::close);
            router.disconnectAll();
        });
        loop.close();
        backChannel.close();
        listener.close();
    }

    private List<Relay> relays() {
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
            LOG.warn("accepting a connection on {} failed", socket(), e);
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
            LOG.debug("a command gets the fault {}", fault);
            misbehaviour.execute(fault, connection, command);
        }
    }

    private void send(ControlConnection connection, String line) {
        if (line.equals(CommandRouter.ERROR)) {
            errors.incrementAndGet();
        }
        connection.send(Misbehaviour.encode(line));
    }
}

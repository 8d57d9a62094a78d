package io.mediaproxy.embedded.dispatcher;

import io.mediaproxy.embedded.log.Log;
import io.mediaproxy.embedded.loop.SelectorLoop;
import io.mediaproxy.embedded.relay.Relay;
import io.mediaproxy.embedded.report.DispatcherCounters;
import io.mediaproxy.embedded.report.Fault;
import io.mediaproxy.embedded.report.ReceivedCommand;
import io.mediaproxy.embedded.report.SessionStatistics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Listens on a UNIX stream socket and forwards commands to relays. One thread does all the work. Thread-safe. */
public final class Dispatcher {
    private static final Log LOG = Log.of(Dispatcher.class);
    private static final long HOUSEKEEPING_NANOS = TimeUnit.SECONDS.toNanos(600);

    /** The name of the socket to which the SIP server's answers come, as in the real dispatcher. */
    private static final String BACK_CHANNEL_FILE = "opensips.sock";

    private final Path path;
    private final DispatcherSettings settings;
    private final BackChannel backChannel;
    private final SelectorLoop loop;
    private final FaultPlan faults = new FaultPlan();
    private final Misbehaviour misbehaviour;
    private final AtomicLong commands = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private final AtomicBoolean closed = new AtomicBoolean();
    /** Confined to the dispatcher thread after the start. */
    private DispatcherRun run;

    private Dispatcher(
            DispatcherSettings settings, ListeningSocket listener, BackChannel backChannel, List<Relay> relays)
            throws IOException {
        this.path = listener.path();
        this.settings = settings;
        this.backChannel = backChannel;
        this.loop = new SelectorLoop("mediaproxy-dispatcher", settings.clock());
        this.misbehaviour = new Misbehaviour(this::route, this::later, this::send);
        try {
            run = newRun(listener);
            loop.schedule(HOUSEKEEPING_NANOS, this::housekeeping);
        } catch (IOException | RuntimeException e) {
            loop.close();
            throw e;
        }
        run.connect(relays, Duration.ZERO);
        loop.start();
    }

    private DispatcherRun newRun(ListeningSocket listener) throws IOException {
        return new DispatcherRun(loop, settings, listener, backChannel, this::received);
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
                ? ListeningSocket.bindInNewDirectory(Path.of(System.getProperty("java.io.tmpdir")), settings.backlog())
                : ListeningSocket.bind(path, settings.backlog());
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
        return path;
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
        int connected = loop.call(() -> run.clients().count());
        return new DispatcherCounters(commands.get(), errors.get(), connected, live, ports);
    }

    /** Adds a relay, or replaces one with the same address. */
    public void connect(Relay relay) {
        call(() -> aliveRun().router().connect(relay));
    }

    /**
     * Drops the connection of a relay, for a time.
     *
     * @throws IllegalArgumentException the relay is not connected
     */
    public void disconnect(Relay relay, Duration time) {
        call(() -> aliveRun().router().disconnect(relay, time.toNanos()));
    }

    /** Accepts, reads, answers and sends nothing for a time. */
    public void stall(Duration time) {
        call(() -> aliveRun().pace().stall(time));
    }

    /** Executes one command at a time from now on, each of which takes this time. */
    public void slowDown(Duration perCommand) {
        call(() -> aliveRun().pace().slowDown(perCommand));
    }

    /** Ends as after SIGKILL: connections close, replies in flight are lost, and the socket file stays. */
    public void kill() {
        call(() -> {
            if (run.isAlive()) {
                run.kill();
                loop.selectNow(); // releases the descriptors
            }
        });
    }

    /**
     * Ends as after SIGKILL, unless it did, and starts again on the same path, with the relays that it had.
     *
     * @param relaysAway the relays connect after this time
     * @throws UncheckedIOException the socket cannot be bound
     */
    public void restart(Duration relaysAway) {
        kill();
        call(() -> {
            ListeningSocket listener = run.bindAgain(settings.backlog());
            List<Relay> relays = run.router().relays();
            try {
                run = newRun(listener);
            } catch (IOException e) {
                throw new UncheckedIOException("the dispatcher cannot listen on " + path, e);
            }
            run.connect(relays, relaysAway);
        });
    }

    private DispatcherRun aliveRun() {
        if (!run.isAlive()) {
            throw new IllegalStateException("the dispatcher on " + path + " is killed and not restarted");
        }
        return run;
    }

    /** Runs a task on the dispatcher thread. Exceptions are those of the task. */
    private void call(Runnable task) {
        Optional<RuntimeException> failure = loop.call(() -> {
            try {
                task.run();
                return Optional.empty();
            } catch (RuntimeException e) {
                return Optional.of(e);
            }
        });
        if (failure.isPresent()) {
            throw failure.get();
        }
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
        call(loop::runTimers);
        backChannel.expireNow();
    }

    /** Returns when everything that clients have sent is read, executed and answered as far as possible. */
    public void settle() {
        // The first look accepts connections, the second one reads from them.
        for (int look = 0; look < 2; look++) {
            call(() -> {
                loop.selectNow();
                loop.runTimers();
            });
        }
        do {
            relays().forEach(Relay::settle);
        } while (loop.call(() -> run.router().waitsForRelay()));
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
        loop.execute(() -> run.stopListening());
        relays().forEach(Relay::settle);
        loop.execute(() -> run.end());
        loop.close();
        backChannel.close();
        run.removeDirectory();
    }

    private List<Relay> relays() {
        return loop.call(() -> run.router().relays());
    }

    private void housekeeping() {
        run.router().forgetExpired();
        loop.schedule(HOUSEKEEPING_NANOS, this::housekeeping);
    }

    private void received(ControlConnection connection, Command command) {
        run.pace().execute(() -> execute(connection, command));
    }

    private void execute(ControlConnection connection, Command command) {
        commands.incrementAndGet();
        ReceivedCommand seen = new ReceivedCommand(command.name(), command.callId(), command.text());
        settings.commandListener().accept(seen);
        Fault fault = faults.take(seen);
        if (fault == null) {
            route(command, line -> send(connection, line));
        } else {
            LOG.debug("a command gets the fault {}", fault);
            misbehaviour.execute(fault, connection, command);
        }
    }

    private void route(Command command, Consumer<String> reply) {
        run.router().route(command, reply);
    }

    private void later(Duration delay, Runnable action) {
        loop.schedule(delay.toNanos(), () -> run.pace().handle(action));
    }

    private void send(ControlConnection connection, String line) {
        if (line.equals(CommandRouter.ERROR)) {
            errors.incrementAndGet();
        }
        connection.send(Misbehaviour.encode(line));
    }
}

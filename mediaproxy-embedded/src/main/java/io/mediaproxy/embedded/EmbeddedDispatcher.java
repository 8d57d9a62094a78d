package io.mediaproxy.embedded;

import io.mediaproxy.embedded.dispatcher.Dispatcher;
import io.mediaproxy.embedded.dispatcher.DispatcherSettings;
import io.mediaproxy.embedded.log.Log;
import io.mediaproxy.embedded.report.DispatcherCounters;
import io.mediaproxy.embedded.report.Fault;
import io.mediaproxy.embedded.report.ReceivedCommand;
import io.mediaproxy.embedded.report.SessionListener;
import io.mediaproxy.embedded.report.SessionStatistics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A MediaProxy dispatcher: listens on a UNIX stream socket, answers as the real one does, and has its relays in this
 * JVM. Thread-safe.
 *
 * <pre>{@code
 * try (EmbeddedDispatcher dispatcher = EmbeddedDispatcher.start()) {
 *     client.connect(dispatcher.socket());
 *     dispatcher.inject(new Fault.ReplyError());
 *     ...
 * }
 * }</pre>
 *
 * <p>One thread serves all connections.
 */
public final class EmbeddedDispatcher implements AutoCloseable {
    private static final Log LOG = Log.of(EmbeddedDispatcher.class);

    private final Dispatcher dispatcher;
    private final @Nullable EmbeddedRelay ownRelay;

    private EmbeddedDispatcher(Dispatcher dispatcher, @Nullable EmbeddedRelay ownRelay) {
        this.dispatcher = dispatcher;
        this.ownRelay = ownRelay;
    }

    /**
     * Configures a dispatcher.
     *
     * @return a builder with default settings
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Starts a dispatcher with one relay on 127.0.0.1 and a socket in a new temporary directory.
     *
     * @return the dispatcher, to be closed by the caller
     */
    public static EmbeddedDispatcher start() {
        return builder().start();
    }

    /**
     * Returns where it listens.
     *
     * @return the path of its UNIX socket
     */
    public Path socket() {
        return dispatcher.socket();
    }

    /**
     * Returns the figures of all sessions that are alive, on all relays.
     *
     * @return a snapshot
     */
    public List<SessionStatistics> sessions() {
        return dispatcher.sessions();
    }

    /**
     * Returns its counters.
     *
     * @return a snapshot
     */
    public DispatcherCounters counters() {
        return dispatcher.counters();
    }

    /**
     * Adds a relay. One with the address of a connected relay takes its place, as after a relay's restart: calls that
     * it does not have are forgotten, and the SIP server is asked to end them.
     *
     * @param relay to be closed by the caller, after the dispatcher
     */
    public void connect(EmbeddedRelay relay) {
        dispatcher.connect(relay.relay());
    }

    /**
     * Drops the connection of a relay for a time, during which the dispatcher replies {@code error} to all commands for
     * calls of this relay, uses other relays for new calls, and does not notice the end of the relay's sessions.
     *
     * @param relay that is connected
     * @param time until it is connected again, by the dispatcher's clock
     * @throws IllegalArgumentException the relay is not connected
     */
    public void disconnect(EmbeddedRelay relay, Duration time) {
        dispatcher.disconnect(relay.relay(), time);
    }

    /**
     * Accepts no connection, reads no command and sends no reply or datagram for a time, as after SIGSTOP. Connections
     * wait in the {@link Builder#backlog}, and what came meanwhile is handled afterwards.
     *
     * @param time by the dispatcher's clock; replaces what is left of an earlier stall
     */
    public void stall(Duration time) {
        dispatcher.stall(time);
    }

    /**
     * Executes one command at a time from now on, as a real dispatcher on a busy processor. While commands wait, no
     * connection is accepted and nothing is read.
     *
     * @param perCommand time from the start of a command to the next one, by the dispatcher's clock; zero for no limit
     */
    public void slowDown(Duration perCommand) {
        dispatcher.slowDown(perCommand);
    }

    /**
     * Ends the dispatcher as SIGKILL does: its connections close, replies in flight are lost, and the socket file
     * stays, so that connections are refused. Its relays execute the commands that they have, and keep their sessions.
     */
    public void kill() {
        dispatcher.kill();
    }

    /** As {@link #restart(Duration)}, with relays that connect at once. */
    public void restart() {
        restart(Duration.ZERO);
    }

    /**
     * Kills the dispatcher, unless that was done, and starts it on the same path. It knows no call any longer: the
     * reply to their {@code remove} is {@code error}, and an {@code update} with the {@code media_relay} of the call
     * makes it known again. Injected faults and counters stay; a stall and {@link #slowDown} end.
     *
     * @param relaysAway until its relays are connected again, by the dispatcher's clock; the real ones take up to 10 s
     * @throws java.io.UncheckedIOException the socket cannot be bound
     */
    public void restart(Duration relaysAway) {
        dispatcher.restart(relaysAway);
    }

    /**
     * Applies a fault to the next command of any client.
     *
     * @param fault to apply
     */
    public void inject(Fault fault) {
        inject(fault, 1);
    }

    /**
     * Applies a fault to the next commands of any client.
     *
     * @param fault to apply
     * @param times number of commands, at least 1
     * @throws IllegalArgumentException {@code times} is less than 1
     */
    public void inject(Fault fault, int times) {
        dispatcher.inject(fault, command -> true, times);
    }

    /**
     * Applies a fault to every command that matches, until {@link #clearFaults()}. If several faults match a command,
     * the one injected first is applied.
     *
     * @param fault to apply
     * @param which called on the dispatcher's thread
     */
    public void inject(Fault fault, Predicate<ReceivedCommand> which) {
        dispatcher.inject(fault, which, Integer.MAX_VALUE);
    }

    /** Removes all faults that are not used up. */
    public void clearFaults() {
        dispatcher.clearFaults();
    }

    /**
     * Does at once what is due by the clocks of the dispatcher and its relays: sends delayed replies, ends streams and
     * sessions that timed out, and sends their datagrams. Returns when that is done and the session listener was
     * called.
     */
    public void expireNow() {
        dispatcher.expireNow();
    }

    /**
     * Returns when everything that clients have sent is read, executed and answered as far as possible. A test that
     * expects no reply waits with this method.
     */
    void settle() {
        dispatcher.settle();
    }

    /** The number of requests to the SIP server that wait for an answer. */
    int unansweredDatagrams() {
        return dispatcher.unansweredDatagrams();
    }

    /**
     * Stops listening, waits for commands in flight, closes all connections and removes the socket file, and its
     * directory if it was created for it. Relays given to the builder or {@link #connect} stay open, with their
     * sessions.
     */
    @Override
    public void close() {
        dispatcher.close();
        if (ownRelay != null) {
            ownRelay.close();
        }
    }

    /** Configures and starts a dispatcher. Not thread-safe. */
    public static final class Builder {
        private @Nullable Path socket;
        private int backlog = 50;
        private @Nullable Path openSipsSocket;
        private @Nullable List<EmbeddedRelay> relays;
        private LongSupplier clock = System::nanoTime;
        private Random random = new Random();
        private SessionListener sessionListener =
                statistics -> LOG.debug("a session ended after {}", statistics.duration());

        private Consumer<ReceivedCommand> commandListener = command -> LOG.debug("a command came");

        private Builder() {}

        /**
         * Sets where to listen. A stale socket file there is replaced; any other file is an error. The default is a
         * file in a new temporary directory, which {@link #close} removes, or the end of the JVM, also by a signal.
         *
         * @param path of the socket
         * @return this builder
         */
        public Builder socket(Path path) {
            socket = path;
            return this;
        }

        /**
         * Sets how many connections may wait to be accepted; the default is 50, as for the real dispatcher. One more
         * fails with EAGAIN, or waits if the client's socket is blocking.
         *
         * @param connections at least 1
         * @return this builder
         * @throws IllegalArgumentException it is less than 1
         */
        public Builder backlog(int connections) {
            if (connections < 1) {
                throw new IllegalArgumentException("a backlog has room for at least one, got " + connections);
            }
            backlog = connections;
            return this;
        }

        /**
         * Sets the UNIX datagram socket of the SIP server that is asked to end a dialog when its media stops:
         * {@code socket_path} in {@code [OpenSIPS]} of the real dispatcher. By default no dialog is ended. The answers
         * come to {@code opensips.sock} in the directory of the dispatcher's own socket; a stale socket file there is
         * replaced.
         *
         * <p>The SIP server has to listen before a call with a {@code dialog_id} times out. Otherwise the relay's
         * connection is dropped for a second, as described for the package.
         *
         * @param path of the SIP server's socket
         * @return this builder
         */
        public Builder openSipsSocket(Path path) {
            openSipsSocket = path;
            return this;
        }

        /**
         * Sets the relays to use; the caller closes them. By default the dispatcher starts one relay and closes it.
         *
         * @param some relays; none for a dispatcher without a relay
         * @return this builder
         */
        public Builder relays(EmbeddedRelay... some) {
            relays = List.of(some);
            return this;
        }

        /**
         * Sets the clock for delays, and for the relay that the dispatcher starts itself.
         *
         * @param nanoClock nanoseconds, as {@link System#nanoTime}, which is the default
         * @return this builder
         */
        public Builder clock(LongSupplier nanoClock) {
            clock = nanoClock;
            return this;
        }

        /**
         * Sets the source of random numbers, which decides the order in which relays are tried for a new call, and the
         * ids of datagrams.
         *
         * @param source of random numbers
         * @return this builder
         */
        public Builder random(Random source) {
            random = source;
            return this;
        }

        /**
         * Sets the listener that is called for every session that ended; the default one logs at level debug.
         *
         * @param listener called on the dispatcher's thread, which it must not block
         * @return this builder
         */
        public Builder sessionListener(SessionListener listener) {
            sessionListener = listener;
            return this;
        }

        /**
         * Sets the listener that is called for every command before it is executed; the default one logs at level
         * debug.
         *
         * @param listener called on the dispatcher's thread, which it must not block
         * @return this builder
         */
        public Builder commandListener(Consumer<ReceivedCommand> listener) {
            commandListener = listener;
            return this;
        }

        /**
         * Starts the dispatcher. The first start in a JVM loads all classes that serve commands, so that the first
         * answer takes no longer than others. A failed start leaves nothing open, and no file.
         *
         * @return the dispatcher, to be closed by the caller
         * @throws java.io.UncheckedIOException a socket cannot be bound, or the system has no selector left
         * @throws IllegalArgumentException two relays have the same address, or another socket is where the answers of
         *     the SIP server are to come to
         */
        public EmbeddedDispatcher start() {
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

        private EmbeddedDispatcher start(List<EmbeddedRelay> used, @Nullable EmbeddedRelay ownRelay) {
            if (used.stream().map(EmbeddedRelay::address).distinct().count() < used.size()) {
                throw new IllegalArgumentException("two relays have the same address, which identifies a relay");
            }
            DispatcherSettings settings = new DispatcherSettings(
                    socket, backlog, openSipsSocket, clock, random, sessionListener, commandListener);
            return new EmbeddedDispatcher(
                    Dispatcher.start(
                            settings, used.stream().map(EmbeddedRelay::relay).toList()),
                    ownRelay);
        }
    }
}

package io.mediaproxy.embedded.dispatcher;

import io.mediaproxy.embedded.loop.SelectorLoop;
import io.mediaproxy.embedded.relay.Relay;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Everything that the dispatcher forgets when it is restarted: its connections, the calls that it knows, the replies
 * that it owes. Confined to the dispatcher thread.
 */
final class DispatcherRun {
    private final ListeningSocket listener;
    private final Clients clients;
    private final Pace pace;
    private final CommandRouter router;
    private boolean alive = true;

    /**
     * Starts to serve clients, without a relay.
     *
     * @param onCommand called for every command
     * @throws IOException the listening socket is closed
     */
    DispatcherRun(
            SelectorLoop loop,
            DispatcherSettings settings,
            ListeningSocket listener,
            BackChannel backChannel,
            BiConsumer<ControlConnection, Command> onCommand)
            throws IOException {
        this.listener = listener;
        this.clients = new Clients(loop, listener, onCommand);
        this.pace = new Pace(loop, clients);
        this.router = new CommandRouter(loop, pace, settings, listener.path().toString(), backChannel);
    }

    Clients clients() {
        return clients;
    }

    Pace pace() {
        return pace;
    }

    CommandRouter router() {
        return router;
    }

    boolean isAlive() {
        return alive;
    }

    /** Connects relays after a time. */
    void connect(List<Relay> relays, Duration away) {
        relays.forEach(relay -> router.connect(relay, away.toNanos()));
    }

    /** Stops listening and removes the socket file. Commands in flight are still answered. */
    void stopListening() {
        listener.stop();
    }

    /** Closes the connections. */
    void end() {
        alive = false;
        clients.close();
        router.end();
    }

    /** Removes the directory of the socket if it was created for it. */
    void removeDirectory() {
        listener.close();
    }

    /** Binds the same path again, after {@link #kill}. */
    ListeningSocket bindAgain(int backlog) {
        return listener.bindAgain(backlog);
    }

    /** Ends at once, as after SIGKILL: replies in flight are lost, and the socket file stays. */
    void kill() {
        alive = false;
        listener.abandon();
        clients.close();
        router.end();
    }
}

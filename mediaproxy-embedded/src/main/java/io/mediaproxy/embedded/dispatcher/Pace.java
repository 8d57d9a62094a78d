package io.mediaproxy.embedded.dispatcher;

import io.mediaproxy.embedded.loop.SelectorLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * The time that the dispatcher's one thread takes for its work: none, a fixed time for each command, or it stalls.
 * Confined to the dispatcher thread.
 *
 * <p>While a command takes its time, and in a stall, no connection is accepted and no byte is read: clients wait in the
 * backlog of the listening socket. Commands that were read wait here. As in the reactor of the real dispatcher, all of
 * them are executed before the sockets are served again.
 */
final class Pace {
    private final SelectorLoop loop;
    private final Clients clients;
    private final Queue<Runnable> commands = new ArrayDeque<>();
    /** Replies and timers that were due in a stall. */
    private final Queue<Runnable> events = new ArrayDeque<>();

    private long nanosPerCommand;
    private boolean busy;
    private boolean stalled;
    private long stalls;

    Pace(SelectorLoop loop, Clients clients) {
        this.loop = loop;
        this.clients = clients;
    }

    /** Sets the time that each command takes from now on. */
    void slowDown(Duration perCommand) {
        nanosPerCommand = perCommand.toNanos();
    }

    /** Stalls for a time, which replaces what is left of an earlier stall. */
    void stall(Duration time) {
        stalled = true;
        clients.pause();
        long stall = ++stalls;
        loop.schedule(time.toNanos(), () -> resume(stall));
    }

    private void resume(long stall) {
        if (stall != stalls) {
            return;
        }
        stalled = false;
        for (Runnable event = events.poll(); event != null; event = events.poll()) {
            event.run();
        }
        workOrServe();
    }

    /** Executes a command, after the others and after the time that it takes. */
    void execute(Runnable command) {
        if (nanosPerCommand == 0 && !stalled && commands.isEmpty()) {
            command.run();
            return;
        }
        commands.add(command);
        // Not at once: the sockets that are ready in this round are read in this round.
        loop.execute(this::workOrServe);
    }

    /** Handles a reply or a timer, after the end of a stall. */
    void handle(Runnable event) {
        if (stalled) {
            events.add(event);
        } else {
            event.run();
        }
    }

    private void workOrServe() {
        if (stalled || busy) {
            return;
        }
        if (commands.isEmpty()) {
            clients.resume();
            return;
        }
        busy = true;
        clients.pause();
        loop.schedule(nanosPerCommand, this::executeNext);
    }

    private void executeNext() {
        busy = false;
        if (!stalled) {
            commands.remove().run();
            workOrServe();
        }
    }
}

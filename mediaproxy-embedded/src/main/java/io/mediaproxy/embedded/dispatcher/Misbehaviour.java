package io.mediaproxy.embedded.dispatcher;

import io.mediaproxy.embedded.log.Log;
import io.mediaproxy.embedded.report.Fault;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Applies faults to commands and their replies. Confined to the dispatcher thread. */
final class Misbehaviour {
    private static final Log LOG = Log.of(Misbehaviour.class);

    private final BiConsumer<Command, Consumer<String>> route;
    private final BiConsumer<Duration, Runnable> later;
    private final BiConsumer<ControlConnection, String> send;

    /**
     * Uses the parts of a dispatcher.
     *
     * @param route executes a command without a fault
     * @param later runs an action on this thread after a delay
     * @param send sends a line as a reply without a fault
     */
    Misbehaviour(
            BiConsumer<Command, Consumer<String>> route,
            BiConsumer<Duration, Runnable> later,
            BiConsumer<ControlConnection, String> send) {
        this.route = route;
        this.later = later;
        this.send = send;
    }

    /** Applies the fault to the command. */
    void execute(Fault fault, ControlConnection connection, Command command) {
        if (fault instanceof Fault.ReplyError) {
            send.accept(connection, CommandRouter.ERROR);
        } else if (fault instanceof Fault.ReplyNone) {
            send.accept(connection, "None");
        } else if (fault instanceof Fault.Reply reply) {
            send.accept(connection, reply.line());
        } else if (fault instanceof Fault.Delay delay) {
            route.accept(command, line -> later.accept(delay.by(), () -> send.accept(connection, line)));
        } else if (fault instanceof Fault.Garbage garbage) {
            route.accept(command, line -> connection.send(garbage.bytes()));
        } else if (fault instanceof Fault.SplitReply split) {
            route.accept(command, line -> sendSplit(connection, line, split));
        } else if (fault instanceof Fault.CloseConnection close) {
            executeIfDue(close.moment(), command, connection::close);
        } else if (fault instanceof Fault.Stall stall) {
            executeIfDue(stall.moment(), command, () -> LOG.debug("a reply is withheld"));
        }
    }

    private void executeIfDue(Fault.Moment moment, Command command, Runnable instead) {
        if (moment == Fault.Moment.AFTER_EXECUTING) {
            route.accept(command, line -> instead.run());
        } else {
            instead.run();
        }
    }

    private void sendSplit(ControlConnection connection, String line, Fault.SplitReply split) {
        ByteBuffer reply = encode(line);
        if (split.at() >= reply.limit()) {
            connection.send(reply);
            return;
        }
        connection.send(reply.slice(0, split.at()));
        ByteBuffer rest = reply.slice(split.at(), reply.limit() - split.at());
        later.accept(split.pause(), () -> connection.send(rest));
    }

    /** A reply line as bytes, with its line end. */
    static ByteBuffer encode(String line) {
        return ByteBuffer.wrap((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    }
}

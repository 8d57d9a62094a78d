package io.mediaproxy.protocol;

import io.mediaproxy.protocol.log.Excerpt;
import java.nio.file.Path;
import java.time.Duration;

/**
 * State of the client when a command failed. Thread-safe.
 *
 * @param socket the dispatcher's socket
 * @param command {@code update} or {@code remove}
 * @param callId the Call-ID of the command
 * @param elapsed time since the command was submitted
 * @param limit the total time that a command may take
 * @param bytesWritten how many bytes of the command were written; if 0, the dispatcher never saw it
 * @param busy connections that waited for a reply
 * @param idle connections that waited for a command
 * @param queued commands that waited for a connection or for an earlier command of their call
 */
public record CommandContext(
        Path socket,
        String command,
        String callId,
        Duration elapsed,
        Duration limit,
        int bytesWritten,
        int busy,
        int idle,
        int queued) {
    static CommandContext of(
            DispatcherCommand command, Duration elapsed, int bytesWritten, DispatcherConfig config, ClientLoad load) {
        return new CommandContext(
                config.socket(),
                command.name(),
                command.callId(),
                elapsed,
                config.timeout(),
                bytesWritten,
                load.busy(),
                load.idle(),
                load.queued());
    }

    /** Returns all values for an error message, the Call-ID escaped and cut. */
    String describe() {
        return command + " of call " + Excerpt.of(callId) + ", " + bytesWritten + " bytes written; elapsed "
                + millis(elapsed) + ", limit " + millis(limit) + "; socket " + socket + "; connections: " + busy
                + " busy, "
                + idle + " idle; commands queued: " + queued;
    }

    private static String millis(Duration duration) {
        return duration.toNanos() / 1_000_000 + " ms";
    }
}

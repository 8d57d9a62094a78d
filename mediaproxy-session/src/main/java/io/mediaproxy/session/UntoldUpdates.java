package io.mediaproxy.session;

import io.mediaproxy.protocol.UpdateCommand;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Updates of one call that the dispatcher did not take, and whose messages went on with the ports that they had before:
 * those of one offer and its answer at most. They are sent again when the dispatcher answers, since the relay must know
 * which streams are on hold. One that ran all the same is harmless when it is repeated: its streams are where they
 * were. Thread-safe.
 */
final class UntoldUpdates {
    private List<UpdateCommand> commands = List.of();
    private boolean inFlight;

    /** Adds an update; an offer takes the place of those before. */
    synchronized void add(UpdateCommand command, boolean offer) {
        commands = offer || commands.size() != 1 ? List.of(command) : List.of(commands.get(0), command);
    }

    /** The dispatcher has taken an update of the call. That of an offer makes those before superfluous. */
    synchronized void told(boolean offer) {
        if (offer) {
            commands = List.of();
        }
    }

    synchronized boolean isEmpty() {
        return commands.isEmpty();
    }

    /** Sends the updates, if there are any and they are not in flight. Returns whether it does. */
    boolean tell(Updates updates) {
        List<UpdateCommand> sent;
        synchronized (this) {
            if (commands.isEmpty() || inFlight) {
                return false;
            }
            inFlight = true;
            sent = commands;
        }
        CompletableFuture<Boolean> told = CompletableFuture.completedFuture(true);
        for (UpdateCommand command : sent) { // in this order, as they are of one call
            told = told.thenCombine(
                    updates.send(command, reply -> MediaProxyResult.answered(), () -> {}),
                    (before, result) -> before && result.returnCode() == 1);
        }
        CompletableFuture<?> unused = told.thenAccept(all -> finished(sent, all));
        return true;
    }

    /** Those that were added meanwhile stay. */
    private synchronized void finished(List<UpdateCommand> sent, boolean all) {
        inFlight = false;
        if (all && commands.size() >= sent.size() && commands.get(0).equals(sent.get(0))) {
            commands = List.copyOf(commands.subList(sent.size(), commands.size()));
        }
    }
}

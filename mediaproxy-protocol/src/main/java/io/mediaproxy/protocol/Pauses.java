package io.mediaproxy.protocol;

/**
 * Finds out whether this process was paused while a command was in progress: by the garbage collector, a signal, or the
 * host of its virtual machine. Its deadlines are then found late. Such a timeout shows nothing of the dispatcher, which
 * may have been paused too. Confined to the holder of {@link IoLoop}'s turn.
 */
final class Pauses {
    private final long lateNanos;
    private boolean happened;
    private long lastEndNanos;

    /** @param timeoutNanos of commands; a deadline that is found later than a quarter of it shows a pause */
    Pauses(long timeoutNanos) {
        lateNanos = timeoutNanos / 4;
    }

    /** Returns whether there was a pause between the submission of a command and now, when its timeout is found. */
    boolean affected(PendingCommand pending, long now) {
        if (now - pending.deadlineNanos > lateNanos) {
            happened = true;
            lastEndNanos = now;
        }
        return happened && pending.submittedNanos - lastEndNanos <= 0;
    }
}

package io.mediaproxy.protocol;

/**
 * Measures how long the dispatcher takes to answer, over the last tenth of a second: long enough for a mean, and short
 * enough for a server that reacts to it. Thread-safe.
 */
final class AnswerTimes {
    static final long WINDOW_NANOS = 100_000_000;

    private static final long NONE = -1;

    /** When the window began that is not full yet. */
    private long sinceNanos;

    private long sumNanos;
    private int replies;
    /** Of the window before, or {@link #NONE}. */
    private long meanNanos = NONE;

    private long lastReplyNanos;
    /** When commands began to be in progress, after none were. */
    private long busySinceNanos;

    /** Notes the submission of a command while none was in progress. */
    synchronized void onFirstCommand(long now) {
        busySinceNanos = now;
    }

    /** Notes a reply, late ones included. */
    synchronized void onReply(long submittedNanos, long now) {
        boolean isFull = now - sinceNanos >= WINDOW_NANOS;
        if (replies == 0 || isFull) {
            meanNanos = isRecent(now) ? sumNanos / replies : NONE;
            sinceNanos = now;
            sumNanos = 0;
            replies = 0;
        }
        sumNanos += now - submittedNanos;
        replies++;
        lastReplyNanos = now;
    }

    private boolean isRecent(long now) {
        return replies > 0 && now - lastReplyNanos <= WINDOW_NANOS;
    }

    /**
     * Returns the time that a command probably takes now.
     *
     * @param inProgress whether commands were sent or wait
     */
    synchronized long nanos(boolean inProgress, long now) {
        long mean = isRecent(now) ? meanNanos(now) : 0;
        if (!inProgress) {
            return mean;
        }
        long silentSince = replies > 0 && lastReplyNanos - busySinceNanos > 0 ? lastReplyNanos : busySinceNanos;
        return Math.max(mean, now - silentSince);
    }

    private long meanNanos(long now) {
        return meanNanos == NONE || now - sinceNanos >= WINDOW_NANOS ? sumNanos / replies : meanNanos;
    }
}

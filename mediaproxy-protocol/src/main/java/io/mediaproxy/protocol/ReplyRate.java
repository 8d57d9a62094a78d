package io.mediaproxy.protocol;

/**
 * Measures how fast the dispatcher answers while commands wait, and limits the queue to those that it can answer in
 * time. Confined to the holder of {@link IoLoop}'s turn.
 *
 * <p>A command that would only time out in the queue is refused at once. Offers of new calls may fill the queue for a
 * quarter of the timeout, and removals for three quarters, because updates of calls in progress will overtake them.
 * Such updates alone may fill seven eighths: a call that begins without a relay costs less than one that loses its
 * audio, or a session that nothing removes. A measurement takes at least half of the timeout and leaves its longest gap
 * out, so that a pause of this process or of the dispatcher refuses nothing. While no command waits, and while no reply
 * arrives, there is nothing to conclude, and only {@link DispatcherConfig#queueCapacity()} limits the queue.
 */
final class ReplyRate {
    private static final int MIN_REPLIES = 4;

    private final ClientLoad load;
    private final long timeoutNanos;
    private final long offerNanos;
    /** The slowest rate at which a full queue is answered in time; 0 also stands for an unknown rate. */
    private final long unlimitedNanos;

    private final int capacity;
    private final int maxConnections;

    /** Whether commands waited when the last reply arrived: the time to the next one is then the dispatcher's. */
    private boolean commandsWaited;

    private long lastReplyNanos;
    /** When the measurement in progress began. */
    private long sinceNanos;

    private int replies;
    /** Does not count: it may be a pause of this process or of the dispatcher. */
    private long longestGap;
    /** The smoothed time between two replies; 0 if it is not known. */
    private long nanosPerReply;

    ReplyRate(DispatcherConfig config, ClientLoad load) {
        this.load = load;
        timeoutNanos = config.timeout().toNanos();
        capacity = config.queueCapacity();
        maxConnections = config.maxConnections();
        offerNanos = timeoutNanos / 4;
        unlimitedNanos = offerNanos / capacity;
    }

    void onReply(long now, boolean commandsWait) {
        long gap = now - lastReplyNanos;
        if (commandsWaited && gap <= timeoutNanos) { // else the dispatcher stalled, which is no rate
            replies++;
            longestGap = Math.max(longestGap, gap);
            if (replies >= MIN_REPLIES && now - sinceNanos >= timeoutNanos / 2) {
                long nanos = (now - sinceNanos - longestGap) / (replies - 1);
                nanosPerReply = nanosPerReply == 0 ? nanos : (nanosPerReply + nanos) / 2;
                limitLoad();
                measureFrom(now);
            }
        } else {
            measureFrom(now);
        }
        commandsWaited = commandsWait;
        lastReplyNanos = now;
    }

    private void measureFrom(long now) {
        sinceNanos = now;
        replies = 0;
        longestGap = 0;
    }

    /** Forgets the rate, because no command waits any longer. */
    void onEmptyQueue() {
        commandsWaited = false;
        if (nanosPerReply != 0) {
            nanosPerReply = 0;
            load.limit(capacity);
        }
    }

    private void limitLoad() {
        if (nanosPerReply <= unlimitedNanos) {
            load.limit(capacity);
        } else {
            load.limit(
                    answeredWithin(offerNanos),
                    answeredWithin(timeoutNanos / 4 * 3),
                    answeredWithin(timeoutNanos / 8 * 7));
        }
    }

    private int answeredWithin(long nanos) {
        return (int) Math.min(capacity, Math.max(nanos / nanosPerReply, maxConnections));
    }
}

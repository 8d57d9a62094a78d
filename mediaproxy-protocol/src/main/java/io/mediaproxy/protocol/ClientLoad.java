package io.mediaproxy.protocol;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the commands and connections of a client: bounds its queue, and provides numbers for error messages and for
 * {@link DispatcherLoad}. Thread-safe.
 */
final class ClientLoad {
    private final AnswerTimes answerTimes = new AnswerTimes();
    private final AtomicInteger accepted = new AtomicInteger();
    private volatile int limitOfNewCalls;
    private volatile int limit;
    private volatile int busy;
    private volatile int idle;

    ClientLoad(int capacity) {
        limit(capacity, capacity);
    }

    /**
     * Sets how many commands may be in progress.
     *
     * @param ofNewCalls if the last one is the offer of a new call
     * @param ofOthers if it is any other command
     */
    void limit(int ofNewCalls, int ofOthers) {
        if (limitOfNewCalls != ofNewCalls || limit != ofOthers) { // a volatile write is dearer
            limitOfNewCalls = ofNewCalls;
            limit = ofOthers;
        }
    }

    /** Takes a place in the queue. Returns false if there is none for this command. */
    boolean tryAccept(DispatcherCommand command, long now) {
        // A place is never taken to be given back: meanwhile another command would be refused although there is room.
        int taken = accepted.get();
        while (taken < limitOfNewCalls || taken < limitOf(command)) {
            int seen = accepted.compareAndExchange(taken, taken + 1);
            if (seen == taken) {
                if (taken == 0) {
                    answerTimes.onFirstCommand(now);
                }
                return true;
            }
            taken = seen;
        }
        return false;
    }

    /** Returns how many commands may be in progress, this one included. */
    int limitOf(DispatcherCommand command) {
        return beginsCall(command) ? limitOfNewCalls : limit;
    }

    private static boolean beginsCall(DispatcherCommand command) {
        return command instanceof UpdateCommand update
                && update.type() == UpdateCommand.Type.REQUEST
                && update.toTag().isEmpty();
    }

    /** Frees the place of a command that was answered, failed or timed out. */
    void release() {
        accepted.decrementAndGet();
    }

    /** Notes the reply to a command that was submitted then. */
    void answered(long submittedNanos, long now) {
        answerTimes.onReply(submittedNanos, now);
    }

    DispatcherLoad at(long now) {
        return new DispatcherLoad(Duration.ofNanos(answerTimes.nanos(accepted.get() > 0, now)), queued());
    }

    /** Sets the numbers of connections. Confined to the holder of {@link IoLoop}'s turn. */
    void connections(int nowBusy, int nowIdle) {
        busy = nowBusy;
        idle = nowIdle;
    }

    int busy() {
        return busy;
    }

    int idle() {
        return idle;
    }

    /** Returns how many commands wait for a connection; approximate while other threads submit. */
    int queued() {
        return Math.max(0, accepted.get() - busy);
    }
}

package io.mediaproxy.protocol;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the commands and connections of a client: bounds its queue, and provides numbers for error messages and for
 * {@link DispatcherLoad}. A command counts those that go out before it: an update of a call in progress overtakes all
 * others ({@link ReadyCommands}), so that these take no place from it. Thread-safe.
 */
final class ClientLoad {
    /** A command in {@link #places}, and one of a call in progress. */
    private static final long ONE = 1;

    private static final long ONE_OF_CALL_IN_PROGRESS = (1L << Integer.SIZE) + ONE;

    private final AnswerTimes answerTimes = new AnswerTimes();
    /** The lower half counts all commands in progress, the upper one those of calls in progress. */
    private final AtomicLong places = new AtomicLong();

    private volatile int limitOfNewCalls;
    private volatile int limitOfRemovals;
    private volatile int limitOfCallsInProgress;
    private volatile int busy;
    private volatile int idle;

    ClientLoad(int capacity) {
        limit(capacity);
    }

    /** Sets one limit for commands of each kind. */
    void limit(int capacity) {
        limit(capacity, capacity, capacity);
    }

    /**
     * Sets how many commands may be in progress.
     *
     * @param ofNewCalls if the last one is the offer of a new call
     * @param ofRemovals if it is a removal
     * @param ofCallsInProgress if it is an update of a call in progress; these count only each other
     */
    void limit(int ofNewCalls, int ofRemovals, int ofCallsInProgress) {
        limitOfNewCalls = ofNewCalls;
        limitOfRemovals = ofRemovals;
        limitOfCallsInProgress = ofCallsInProgress;
    }

    /** Takes a place in the queue. Returns false if there is none for this command. */
    boolean tryAccept(DispatcherCommand command, long now) {
        boolean overtakes = ReadyCommands.isOfCallInProgress(command);
        // A place is never taken to be given back: meanwhile another command would be refused although there is room.
        long taken = places.get();
        while ((overtakes ? ofCallsInProgress(taken) : all(taken)) < limitOf(command)) {
            long seen = places.compareAndExchange(taken, taken + place(overtakes));
            if (seen == taken) {
                if (!overtakes && all(taken) == ofCallsInProgress(taken)) {
                    answerTimes.onFirstCommand(now);
                }
                return true;
            }
            taken = seen;
        }
        return false;
    }

    private static int all(long places) {
        return (int) places;
    }

    private static int ofCallsInProgress(long places) {
        return (int) (places >>> Integer.SIZE);
    }

    private static long place(boolean isOfCallInProgress) {
        return isOfCallInProgress ? ONE_OF_CALL_IN_PROGRESS : ONE;
    }

    /** Returns how many commands may be in progress, this one included. */
    int limitOf(DispatcherCommand command) {
        if (ReadyCommands.isOfCallInProgress(command)) {
            return limitOfCallsInProgress;
        }
        return command instanceof RemoveCommand ? limitOfRemovals : limitOfNewCalls;
    }

    /** Frees the place of a command that was answered, failed or timed out. */
    void release(DispatcherCommand command) {
        places.addAndGet(-place(ReadyCommands.isOfCallInProgress(command)));
    }

    /** Notes the reply to a command that was submitted then. */
    void answered(DispatcherCommand command, long submittedNanos, long now) {
        if (!ReadyCommands.isOfCallInProgress(command)) { // which says nothing about the next new call
            answerTimes.onReply(submittedNanos, now);
        }
    }

    DispatcherLoad at(long now) {
        long taken = places.get();
        boolean isAnyInProgress = all(taken) > ofCallsInProgress(taken);
        return new DispatcherLoad(Duration.ofNanos(answerTimes.nanos(isAnyInProgress, now)), queued());
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
        return Math.max(0, all(places.get()) - busy);
    }
}

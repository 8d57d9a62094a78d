package io.mediaproxy.protocol;

import java.time.Duration;

/**
 * How fast the dispatcher answers now, for a server that refuses new calls rather than keep them waiting.
 *
 * @param answerTime the mean time between a command and its reply, over the last tenth of a second in which replies
 *     arrived; the time without any reply if that is longer; zero if no command is in progress and none was answered in
 *     the last tenth of a second. Updates of calls in progress do not count, because they overtake offers of new calls.
 *     Of several dispatchers the shortest: one that is silent is no reason to refuse the calls of another
 * @param commandsWaiting commands that have no connection yet, because earlier ones use all of them
 */
public record DispatcherLoad(Duration answerTime, int commandsWaiting) {
    /**
     * An offer that waits longer for its relay is late. The caller sends its INVITE again after T1, 500 ms (RFC 3261
     * 17.1.1.1). Until then the INVITE has to reach the callee, and its first response the caller.
     */
    public static final Duration LATE = Duration.ofMillis(200);

    /** The load without any command. */
    public static final DispatcherLoad NONE = new DispatcherLoad(Duration.ZERO, 0);

    /**
     * Returns whether an offer that is sent now would probably be {@linkplain #LATE late}.
     *
     * @return whether {@link #answerTime} is longer than that
     */
    public boolean isBusy() {
        return answerTime.compareTo(LATE) > 0;
    }

    /** Returns the load of two dispatchers. */
    DispatcherLoad and(DispatcherLoad other) {
        Duration shorter = answerTime.compareTo(other.answerTime) < 0 ? answerTime : other.answerTime;
        return new DispatcherLoad(shorter, commandsWaiting + other.commandsWaiting);
    }
}

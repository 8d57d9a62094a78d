package io.mediaproxy.embedded.report;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One session as MediaProxy's management interface and accounting describe it.
 *
 * @param callId Call-ID
 * @param fromTag From tag of the message that created the session
 * @param fromUri From URI of that message
 * @param toTag To tag; null until an update contains one
 * @param toUri To URI of that message
 * @param startTime when the first answer came; null before it
 * @param duration whole seconds since the start
 * @param callerUserAgent {@code Unknown} until an update with the caller's SDP came
 * @param calleeUserAgent {@code Unknown} until an update with the callee's SDP came
 * @param username from a {@code signaling_ip} in JSON form; null if there is none
 * @param streams all that were answered, closed ones included, in the order of their answers
 * @param dialogId {@code dialog_id} of the update that created the session; null while the session is alive
 * @param timedOut true if the session ended because its media stopped; false while it is alive
 */
public record SessionStatistics(
        String callId,
        String fromTag,
        String fromUri,
        @Nullable String toTag,
        String toUri,
        @Nullable Instant startTime,
        Duration duration,
        String callerUserAgent,
        String calleeUserAgent,
        @Nullable String username,
        List<StreamStatistics> streams,
        @Nullable String dialogId,
        boolean timedOut) {

    /** Copies the streams. */
    public SessionStatistics {
        streams = List.copyOf(streams);
    }

    /**
     * Tests whether every stream timed out because the media took another path, which ICE had found.
     *
     * @return true also for a session without answered streams
     */
    public boolean allStreamsIce() {
        return streams.stream().allMatch(s -> s.status().equals(StreamStatistics.UNSELECTED_ICE_CANDIDATE));
    }
}

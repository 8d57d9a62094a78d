package io.mediaproxy.embedded.report;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * MediaProxy's session object: what its management interface and its accounting tell of a session.
 *
 * @param toTag null: no reply named one
 * @param startTime when an answer came; null: none did
 * @param duration whole seconds since then
 * @param callerUserAgent {@code Unknown} until that side's SDP came
 * @param calleeUserAgent as {@code callerUserAgent}
 * @param username from a {@code signaling_ip} in JSON form
 * @param streams those that were answered, closed ones too, in the order of their answers
 * @param dialogId the {@code dialog_id} of the update that created the session; only in a session that ended
 * @param timedOut the session ended because no media came; only in a session that ended
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

    public SessionStatistics {
        streams = List.copyOf(streams);
    }

    /** Every stream ran out while ICE had found a better way; also true of a session without answered streams. */
    public boolean allStreamsIce() {
        return streams.stream().allMatch(s -> s.status().equals(StreamStatistics.UNSELECTED_ICE_CANDIDATE));
    }
}

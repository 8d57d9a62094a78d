package io.mediaproxy.embedded.relay;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mediaproxy.embedded.python.PythonJson;
import io.mediaproxy.embedded.report.SessionStatistics;
import io.mediaproxy.embedded.report.StreamStatistics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes statistics as the relay does: one line of JSON. */
final class StatisticsJson {
    private StatisticsJson() {}

    static String sessions(List<SessionStatistics> sessions) {
        ArrayNode items = PythonJson.MAPPER.createArrayNode();
        sessions.forEach(session -> items.add(session(session)));
        return PythonJson.line(items);
    }

    /**
     * The relay's answer to {@code summary}.
     *
     * @param bitsPerSecond null: nothing was measured yet
     */
    static String summary(
            String address,
            boolean halting,
            Duration uptime,
            int sessionCount,
            Map<String, Integer> streamCount,
            @Nullable Double bitsPerSecond) {
        ObjectNode summary = PythonJson.MAPPER
                .createObjectNode()
                .put("ip", address)
                .put("version", "4.1.2")
                .put("status", halting ? "halting" : "active")
                .put("uptime", uptime.toSeconds())
                .put("session_count", sessionCount);
        ObjectNode streams = summary.putObject("stream_count");
        streamCount.forEach(streams::put);
        if (bitsPerSecond == null) {
            summary.put("bps_relayed", 0);
        } else {
            summary.put("bps_relayed", bitsPerSecond);
        }
        return PythonJson.line(summary);
    }

    private static ObjectNode session(SessionStatistics session) {
        ObjectNode members = PythonJson.MAPPER
                .createObjectNode()
                .put("call_id", session.callId())
                .put("from_tag", session.fromTag())
                .put("from_uri", session.fromUri())
                .put("to_tag", session.toTag())
                .put("to_uri", session.toUri())
                .put("start_time", epochSeconds(session.startTime()))
                .put("duration", session.duration().toSeconds())
                .put("caller_ua", session.callerUserAgent())
                .put("callee_ua", session.calleeUserAgent())
                .put("username", session.username());
        ArrayNode streams = members.putArray("streams");
        session.streams().forEach(stream -> streams.add(stream(stream)));
        return members;
    }

    private static ObjectNode stream(StreamStatistics stream) {
        return PythonJson.MAPPER
                .createObjectNode()
                .put("media_type", stream.mediaType())
                .put("status", stream.status())
                .put("timeout_wait", stream.timeoutWait().toSeconds())
                .put("caller_codec", stream.caller().codec())
                .put("callee_codec", stream.callee().codec())
                .put("start_time", stream.start().toSeconds())
                .put("end_time", stream.end().toSeconds())
                .put("post_dial_delay", seconds(stream.postDialDelay()))
                .put("caller_bytes", stream.caller().bytes())
                .put("callee_bytes", stream.callee().bytes())
                .put("caller_packets", stream.caller().packets())
                .put("callee_packets", stream.callee().packets())
                .put("caller_local", stream.caller().local())
                .put("callee_local", stream.callee().local())
                .put("caller_remote", stream.caller().remote())
                .put("callee_remote", stream.callee().remote());
    }

    private static @Nullable Double epochSeconds(@Nullable Instant time) {
        return time == null ? null : time.getEpochSecond() + time.getNano() / 1e9;
    }

    private static @Nullable Double seconds(@Nullable Duration duration) {
        return duration == null ? null : duration.toNanos() / 1e9;
    }
}

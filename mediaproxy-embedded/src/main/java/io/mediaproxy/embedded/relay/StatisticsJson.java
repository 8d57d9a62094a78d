package io.mediaproxy.embedded.relay;

import com.fasterxml.jackson.core.JsonGenerator;
import io.mediaproxy.embedded.python.PythonJson;
import io.mediaproxy.embedded.report.SessionStatistics;
import io.mediaproxy.embedded.report.StreamStatistics;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes statistics as the relay does: one line of JSON. */
final class StatisticsJson {
    private StatisticsJson() {}

    /** The relay's reply to {@code sessions}. */
    static String sessions(List<SessionStatistics> sessions) {
        return PythonJson.dumps(json -> {
            json.writeStartArray();
            for (SessionStatistics session : sessions) {
                write(json, session);
            }
            json.writeEndArray();
        });
    }

    /**
     * The relay's reply to {@code summary}.
     *
     * @param bitsPerSecond null if nothing was measured yet
     */
    static String summary(
            String address,
            boolean halting,
            Duration uptime,
            int sessionCount,
            Map<String, Integer> streamCount,
            @Nullable Double bitsPerSecond) {
        return PythonJson.dumps(json -> {
            json.writeStartObject();
            json.writeStringField("ip", address);
            json.writeStringField("version", "4.1.2");
            json.writeStringField("status", halting ? "halting" : "active");
            json.writeNumberField("uptime", uptime.toSeconds());
            json.writeNumberField("session_count", sessionCount);
            json.writeObjectFieldStart("stream_count");
            for (Map.Entry<String, Integer> count : streamCount.entrySet()) {
                json.writeNumberField(count.getKey(), count.getValue());
            }
            json.writeEndObject();
            if (bitsPerSecond == null) {
                json.writeNumberField("bps_relayed", 0);
            } else {
                json.writeNumberField("bps_relayed", bitsPerSecond);
            }
            json.writeEndObject();
        });
    }

    private static void write(JsonGenerator json, SessionStatistics session) throws IOException {
        json.writeStartObject();
        json.writeStringField("call_id", session.callId());
        json.writeStringField("from_tag", session.fromTag());
        json.writeStringField("from_uri", session.fromUri());
        json.writeStringField("to_tag", session.toTag());
        json.writeStringField("to_uri", session.toUri());
        writeNumber(json, "start_time", epochSeconds(session.startTime()));
        json.writeNumberField("duration", session.duration().toSeconds());
        json.writeStringField("caller_ua", session.callerUserAgent());
        json.writeStringField("callee_ua", session.calleeUserAgent());
        json.writeStringField("username", session.username());
        json.writeArrayFieldStart("streams");
        for (StreamStatistics stream : session.streams()) {
            write(json, stream);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, StreamStatistics stream) throws IOException {
        json.writeStartObject();
        json.writeStringField("media_type", stream.mediaType());
        json.writeStringField("status", stream.status());
        json.writeNumberField("timeout_wait", stream.timeoutWait().toSeconds());
        json.writeStringField("caller_codec", stream.caller().codec());
        json.writeStringField("callee_codec", stream.callee().codec());
        json.writeNumberField("start_time", stream.start().toSeconds());
        json.writeNumberField("end_time", stream.end().toSeconds());
        writeNumber(json, "post_dial_delay", seconds(stream.postDialDelay()));
        json.writeNumberField("caller_bytes", stream.caller().bytes());
        json.writeNumberField("callee_bytes", stream.callee().bytes());
        json.writeNumberField("caller_packets", stream.caller().packets());
        json.writeNumberField("callee_packets", stream.callee().packets());
        json.writeStringField("caller_local", stream.caller().local());
        json.writeStringField("callee_local", stream.callee().local());
        json.writeStringField("caller_remote", stream.caller().remote());
        json.writeStringField("callee_remote", stream.callee().remote());
        json.writeEndObject();
    }

    private static void writeNumber(JsonGenerator json, String name, @Nullable Double value) throws IOException {
        if (value == null) {
            json.writeNullField(name);
        } else {
            json.writeNumberField(name, value);
        }
    }

    private static @Nullable Double epochSeconds(@Nullable Instant time) {
        return time == null ? null : time.getEpochSecond() + time.getNano() / 1e9;
    }

    private static @Nullable Double seconds(@Nullable Duration duration) {
        return duration == null ? null : duration.toNanos() / 1e9;
    }
}

package io.mediaproxy.embedded;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes statistics as the relay does: one line of JSON in the form of Python's {@code json.dumps}. */
final class StatisticsJson {
    private StatisticsJson() {}

    static String sessions(List<SessionStatistics> sessions) {
        return write(sessions.stream().map(StatisticsJson::session).toList());
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
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("ip", address);
        summary.put("version", "4.1.2");
        summary.put("status", halting ? "halting" : "active");
        summary.put("uptime", uptime.toSeconds());
        summary.put("session_count", sessionCount);
        summary.put("stream_count", streamCount);
        summary.put("bps_relayed", bitsPerSecond == null ? (Object) 0 : bitsPerSecond);
        return write(summary);
    }

    private static Map<String, @Nullable Object> session(SessionStatistics session) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("call_id", session.callId());
        members.put("from_tag", session.fromTag());
        members.put("from_uri", session.fromUri());
        members.put("to_tag", session.toTag());
        members.put("to_uri", session.toUri());
        members.put("start_time", epochSeconds(session.startTime()));
        members.put("duration", session.duration().toSeconds());
        members.put("caller_ua", session.callerUserAgent());
        members.put("callee_ua", session.calleeUserAgent());
        members.put("username", session.username());
        members.put(
                "streams",
                session.streams().stream().map(StatisticsJson::stream).toList());
        return members;
    }

    private static Map<String, @Nullable Object> stream(StreamStatistics stream) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        Duration delay = stream.postDialDelay();
        members.put("media_type", stream.mediaType());
        members.put("status", stream.status());
        members.put("timeout_wait", stream.timeoutWait().toSeconds());
        members.put("caller_codec", stream.caller().codec());
        members.put("callee_codec", stream.callee().codec());
        members.put("start_time", stream.start().toSeconds());
        members.put("end_time", stream.end().toSeconds());
        members.put("post_dial_delay", delay == null ? null : delay.toNanos() / 1e9);
        members.put("caller_bytes", stream.caller().bytes());
        members.put("callee_bytes", stream.callee().bytes());
        members.put("caller_packets", stream.caller().packets());
        members.put("callee_packets", stream.callee().packets());
        members.put("caller_local", stream.caller().local());
        members.put("callee_local", stream.callee().local());
        members.put("caller_remote", stream.caller().remote());
        members.put("callee_remote", stream.callee().remote());
        return members;
    }

    private static @Nullable Double epochSeconds(@Nullable Instant time) {
        return time == null ? null : time.getEpochSecond() + time.getNano() / 1e9;
    }

    private static String write(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        if (value instanceof Map<?, ?> map) {
            List<String> members = new ArrayList<>(map.size());
            map.forEach((name, member) -> members.add(quote(String.valueOf(name)) + ": " + write(member)));
            return "{" + String.join(", ", members) + "}";
        }
        if (value instanceof List<?> list) {
            List<String> items = new ArrayList<>(list.size());
            list.forEach(item -> items.add(write(item)));
            return "[" + String.join(", ", items) + "]";
        }
        return value instanceof String text ? quote(text) : value.toString();
    }

    private static String quote(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c >= ' ' && c < 0x7f) {
                quoted.append(c);
            } else {
                quoted.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    quoted.append(Character.forDigit((c >> shift) & 0xf, 16));
                }
            }
        }
        return quoted.append('"').toString();
    }
}

package io.mediaproxy.embedded.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.embedded.report.SessionStatistics;
import io.mediaproxy.embedded.report.StreamStatistics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Compares with the output of Python's {@code json.dumps} for the same values. */
class StatisticsJsonTest {
    @Test
    void shouldWriteASummary() {
        assertThat(StatisticsJson.summary("127.0.0.1", false, Duration.ofMillis(9_900), 2, Map.of("audio", 3), 1234.5))
                .isEqualTo("{\"ip\": \"127.0.0.1\", \"version\": \"4.1.2\", \"status\": \"active\", \"uptime\": 9, "
                        + "\"session_count\": 2, \"stream_count\": {\"audio\": 3}, \"bps_relayed\": 1234.5}");
        assertThat(StatisticsJson.summary("127.0.0.1", true, Duration.ZERO, 0, Map.of(), null))
                .isEqualTo("{\"ip\": \"127.0.0.1\", \"version\": \"4.1.2\", \"status\": \"halting\", \"uptime\": 0, "
                        + "\"session_count\": 0, \"stream_count\": {}, \"bps_relayed\": 0}");
    }

    @Test
    void shouldWriteNoSessions() {
        assertThat(StatisticsJson.sessions(List.of())).isEqualTo("[]");
    }

    @Test
    void shouldWriteSessionsInAsciiOnOneLine() {
        StreamStatistics.End end = new StreamStatistics.End("G711u", 2, 400, "127.0.0.1:5000", "Unknown");
        StreamStatistics stream = new StreamStatistics(
                "audio",
                "active",
                Duration.ZERO,
                Duration.ZERO,
                Duration.ofSeconds(5),
                Duration.ofMillis(1_500),
                end,
                end);
        SessionStatistics session = new SessionStatistics(
                "\u00fc\"\\/",
                "\uD83D\uDE00",
                "\r\n\t\u0001\u2028",
                null,
                "bob@b",
                Instant.ofEpochMilli(1_500),
                Duration.ofSeconds(5),
                "caller",
                "Unknown",
                null,
                List.of(stream),
                null,
                false);

        String streamJson = "{\"media_type\": \"audio\", \"status\": \"active\", \"timeout_wait\": 0, "
                + "\"caller_codec\": \"G711u\", \"callee_codec\": \"G711u\", \"start_time\": 0, \"end_time\": 5, "
                + "\"post_dial_delay\": 1.5, \"caller_bytes\": 400, \"callee_bytes\": 400, "
                + "\"caller_packets\": 2, \"callee_packets\": 2, \"caller_local\": \"127.0.0.1:5000\", "
                + "\"callee_local\": \"127.0.0.1:5000\", "
                + "\"caller_remote\": \"Unknown\", \"callee_remote\": \"Unknown\"}";
        assertThat(StatisticsJson.sessions(List.of(session, session)))
                .isEqualTo("[" + sessionJson(streamJson) + ", " + sessionJson(streamJson) + "]");
    }

    private static String sessionJson(String streamJson) {
        return "{\"call_id\": \"\\u00fc\\\"\\\\/\", \"from_tag\": \"\\ud83d\\ude00\", "
                + "\"from_uri\": \"\\r\\n\\t\\u0001\\u2028\", \"to_tag\": null, \"to_uri\": \"bob@b\", "
                + "\"start_time\": 1.5, \"duration\": 5, \"caller_ua\": \"caller\", \"callee_ua\": \"Unknown\", "
                + "\"username\": null, \"streams\": [" + streamJson + "]}";
    }
}

package io.mediaproxy.cli.pcap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.mediaproxy.sdp.IceCandidate;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * A replayed capture.
 *
 * @param json the output
 */
record Replayed(JsonNode json, Output output) {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    /** The capture that was written. */
    record Output(ByteArrayOutputStream stream) {
        byte[] bytes() {
            return stream.toByteArray();
        }
    }

    static final int MAX_CALLS = 1000;

    static Replayed of(byte[] capture) throws Exception {
        return of(capture, MAX_CALLS);
    }

    static Replayed of(byte[] capture, int maxCalls) throws Exception {
        StringWriter text = new StringWriter();
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        new CaptureReplay(new CaptureReplay.Options("192.0.2.1", IceCandidate.NONE, maxCalls, true, false))
                .run(
                        new ByteArrayInputStream(capture),
                        () -> output,
                        new PrintWriter(text),
                        CaptureReplay.Watcher.NONE);
        return new Replayed(MAPPER.readTree(text.toString()), new Output(output));
    }

    Totals totals() throws Exception {
        return MAPPER.treeToValue(json.get("totals"), Totals.class);
    }

    JsonNode call(int index) {
        return json.get("calls").get(index);
    }

    JsonNode message(int call, int index) {
        return call(call).get("messages").get(index);
    }
}

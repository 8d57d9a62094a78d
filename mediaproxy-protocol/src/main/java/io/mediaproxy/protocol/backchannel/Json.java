package io.mediaproxy.protocol.backchannel;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Reads and writes JSON: strictly, within limits, in ASCII. Thread-safe. */
final class Json {
    /** Deepest nesting of objects and arrays; a request has two levels. */
    private static final int MAX_DEPTH = 16;

    private static final int MAX_NUMBER_LENGTH = 64;
    private static final int MAX_NAME_LENGTH = 256;

    static final JsonFactory FORMAT = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .maxNameLength(MAX_NAME_LENGTH)
                    .maxStringLength(DatagramReader.MAX_DATAGRAM_BYTES)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // Do not keep a table of names that a sender can invent.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();

    private Json() {}

    static byte[] result(RequestId id) {
        return answer(id, json -> json.writeStringField("result", "OK"));
    }

    static byte[] error(RequestId id, RpcError error) {
        return answer(id, json -> {
            json.writeObjectFieldStart("error");
            json.writeNumberField("code", error.code);
            json.writeStringField("message", error.message);
            json.writeEndObject();
        });
    }

    private static byte[] answer(RequestId id, Members outcome) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FORMAT.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("jsonrpc", "2.0");
            json.writeFieldName("id");
            if (id.isNumber()) {
                json.writeNumber(id.text());
            } else {
                json.writeString(id.text());
            }
            outcome.writeTo(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing an answer to memory failed", e);
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private interface Members {
        void writeTo(JsonGenerator json) throws IOException;
    }
}

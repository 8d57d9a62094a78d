package io.mediaproxy.embedded.relay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.mediaproxy.embedded.python.PythonInteger;
import org.jspecify.annotations.Nullable;

/**
 * The {@code signaling_ip} header: an address, {@code source_destination}, or a JSON object that may carry a user name.
 *
 * @param username what the statistics name as the user; null: none
 */
record SignalingAddress(@Nullable String username) {
    /** Near Python's recursion limit of 1000 frames, of which some are taken when the relay parses. */
    private static final int DEEPEST = 950;

    /**
     * As Python's {@code json.loads}: {@code NaN} and {@code Infinity} are numbers, and nothing may follow the value. Jackson
     * takes {@code INF} for a number too, which Python does not.
     */
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxNumberLength(PythonInteger.MOST_DIGITS)
                            .build())
                    .build())
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * Reads a value as the relay does: whatever is not JSON is an address, whatever it may say.
     *
     * @throws RelayRefusalException for JSON that is no object ({@code 5}, {@code null}, {@code "1.2.3.4"}), or is nested too
     *     deeply
     */
    static SignalingAddress parse(String value) {
        JsonNode document;
        try {
            document = JSON.readTree(value);
        } catch (StreamConstraintsException e) {
            throw new RelayRefusalException("signaling_ip is JSON beyond a limit: " + e.getOriginalMessage());
        } catch (JsonProcessingException e) {
            return new SignalingAddress(null);
        }
        if (!document.isObject() && !document.isMissingNode()) {
            throw new RelayRefusalException("signaling_ip is JSON but no object");
        }
        return new SignalingAddress(document.path("username").textValue());
    }
}

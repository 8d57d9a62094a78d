package io.mediaproxy.embedded;

import org.jspecify.annotations.Nullable;

/**
 * The {@code signaling_ip} header: an address, {@code source_destination}, or a JSON object that may carry a user name.
 *
 * @param username what the statistics name as the user; null: none
 */
record SignalingAddress(@Nullable String username) {

    /**
     * Reads a value as the relay does: whatever is not JSON is an address, whatever it may say.
     *
     * @throws RelayRefusalException for JSON that is no object: {@code 5}, {@code null}, {@code "1.2.3.4"}
     */
    static SignalingAddress parse(String value) {
        JsonReader.Document document = JsonReader.read(value);
        return switch (document.kind()) {
            case NOT_JSON -> new SignalingAddress(null);
            case OBJECT -> new SignalingAddress(document.members().get("username"));
            case OTHER -> throw new RelayRefusalException("signaling_ip is JSON but no object");
            case TOO_DEEP -> throw new RelayRefusalException("signaling_ip is nested too deeply");
        };
    }
}

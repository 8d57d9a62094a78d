package io.mediaproxy.embedded.relay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.mediaproxy.embedded.python.JsonScalar;
import io.mediaproxy.embedded.python.PythonJson;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The {@code signaling_ip} header: an address, {@code source_destination}, or a JSON object that may contain a user
 * name.
 *
 * @param username user in the statistics; null if there is none
 */
record SignalingAddress(@Nullable String username) {
    private static final SignalingAddress WITHOUT_USER = new SignalingAddress(null);

    /**
     * Reads a value as the relay does: any text that is no JSON is an address.
     *
     * @throws RelayRefusalException it is JSON but no object ({@code 5}, {@code null}, {@code "1.2.3.4"}), or nested
     *     too deeply
     */
    static SignalingAddress parse(String value) {
        if (JsonScalar.matches(value)) {
            throw new RelayRefusalException("signaling_ip is JSON but no object");
        }
        if (!JsonScalar.needsParser(value)) {
            return WITHOUT_USER;
        }
        Map<String, @Nullable String> members;
        try {
            members = PythonJson.members(value);
        } catch (StreamConstraintsException e) {
            throw new RelayRefusalException("signaling_ip is JSON beyond a limit");
        } catch (JsonProcessingException e) {
            return WITHOUT_USER;
        }
        if (members == null) {
            throw new RelayRefusalException("signaling_ip is JSON but no object");
        }
        return new SignalingAddress(members.get("username"));
    }
}

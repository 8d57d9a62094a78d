package io.mediaproxy.embedded.relay;

import io.mediaproxy.embedded.python.PythonInteger;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One stream of a {@code media} header. Only what the relay checks is checked: address and direction are any text, the
 * port is any integer.
 */
record OfferedMedia(String type, String address, BigInteger port, String direction, boolean ice) {

    /**
     * Reads a {@code media} header: {@code type:ip:port:direction*(:key=value)} separated by commas, empty items
     * skipped.
     *
     * @return null if the relay drops the header, with all its streams
     */
    static @Nullable List<OfferedMedia> parse(String value) {
        List<OfferedMedia> streams = new ArrayList<>();
        for (String item : value.split(",", -1)) {
            if (!item.isEmpty()) {
                OfferedMedia stream = parseStream(item.split(":", -1));
                if (stream == null) {
                    return null;
                }
                streams.add(stream);
            }
        }
        return streams;
    }

    private static @Nullable OfferedMedia parseStream(String[] fields) {
        if (fields.length < 4) {
            return null;
        }
        BigInteger port = PythonInteger.parse(fields[2]);
        boolean ice = false;
        for (int i = 4; i < fields.length; i++) {
            if (!fields[i].isEmpty()) {
                String[] parameter = fields[i].split("=", -1);
                if (parameter.length != 2) {
                    return null;
                }
                if (parameter[0].equals("ice")) {
                    ice = parameter[1].equals("yes");
                }
            }
        }
        return port == null ? null : new OfferedMedia(fields[0], fields[1], port, fields[3], ice);
    }

    boolean isDisabled() {
        return port.signum() == 0;
    }

    /** Whether the stream is on hold (RFC 3264, 8.4). The relay compares case by case. */
    boolean asksForHold() {
        return direction.equals("sendonly") || direction.equals("inactive") || address.equals("0.0.0.0");
    }
}

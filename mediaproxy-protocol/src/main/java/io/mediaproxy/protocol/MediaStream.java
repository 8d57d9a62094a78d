package io.mediaproxy.protocol;

import io.mediaproxy.protocol.log.Excerpt;
import java.util.Locale;

/**
 * One stream of an {@link UpdateCommand}, as in the SDP (RFC 8866 5.14, 5.7, 6.7). Thread-safe.
 *
 * <p>The dispatcher drops the whole {@code media} header because of one bad stream, and replies as if there were no
 * SDP. Therefore a stream that it could not read is refused here.
 *
 * @param type the media type, such as {@code audio}; at most {@value #MAX_TOKEN_BYTES} bytes
 * @param address an IPv4 literal, or a host name of at most {@value #MAX_ADDRESS_BYTES} bytes (RFC 1035 2.3.4). The
 *     wire format splits at {@code ':'} and cannot carry IPv6
 * @param port the RTP port, 0 for a disabled stream
 * @param direction in lower case, because the relay compares it letter by letter; at most {@value #MAX_TOKEN_BYTES}
 *     bytes
 * @param ice whether the stream offers ICE
 */
public record MediaStream(String type, String address, int port, String direction, boolean ice) {
    static final int MAX_TOKEN_BYTES = 64;
    static final int MAX_ADDRESS_BYTES = 253;
    static final int MAX_PORT = 65_535;

    /**
     * Checks and cleans all values.
     *
     * @throws CommandRefusedException if the dispatcher could not read the stream
     */
    public MediaStream {
        type = token("media type", type, MAX_TOKEN_BYTES);
        address = checkedAddress(address);
        direction = token("media direction", direction, MAX_TOKEN_BYTES);
        if (!direction.equals(direction.toLowerCase(Locale.ROOT))) {
            throw new CommandRefusedException("media direction", Excerpt.of(direction), "lower case");
        }
        if (port < 0 || port > MAX_PORT) {
            throw new CommandRefusedException("media port", Integer.toString(port), "0 to " + MAX_PORT);
        }
    }

    private static String checkedAddress(String address) {
        if (address.indexOf(':') >= 0) {
            throw new CommandRefusedException(
                    "media address",
                    Excerpt.of(address),
                    "an IPv4 address or a host name: the dispatcher does not support IPv6");
        }
        String clean = token("media address", address, MAX_ADDRESS_BYTES);
        if (Ipv4.isDigitsAndDots(clean) && !Ipv4.isLiteral(clean)) {
            throw new CommandRefusedException("media address", Excerpt.of(address), "four octets of 0 to 255");
        }
        return clean;
    }

    private static String token(String field, String value, int maxBytes) {
        String clean = HeaderValue.mandatory(field, value, maxBytes);
        for (int i = 0; i < clean.length(); i++) {
            char c = clean.charAt(i);
            if (c == ':' || c == ',' || c == '=' || Character.isISOControl(c) || Character.isWhitespace(c)) {
                throw new CommandRefusedException(
                        field, Excerpt.of(value), "no colon, comma, equals sign, white space or control character");
            }
        }
        return clean;
    }
}

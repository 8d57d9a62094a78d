package io.mediaproxy.protocol;

import java.util.regex.Pattern;

/**
 * What the header {@code signaling_ip} may hold: an address, {@code source_destination}, or a JSON object with the members
 * {@code signaling_ip}, {@code destination_ip} and {@code username}.
 *
 * <p>MediaProxy reads every value as JSON first and fails on any that is JSON, but no object: {@code 5}, {@code true},
 * {@code "1.2.3.4"}, {@code NaN}. What looks like an object, but
 * does not parse, it takes for plain text, so that looking at the braces is enough here.
 */
final class SignalingIp {
    /** Everything else that begins a JSON value: a string, an array, a number, a word. White space around it is no matter. */
    private static final Pattern JSON_BUT_NO_OBJECT = Pattern.compile(
            "\\s*(?:[\"\\[].*"
                    + "|-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
                    + "|true|false|null|NaN|-?Infinity)\\s*",
            Pattern.DOTALL);

    private SignalingIp() {}

    static String checked(String value, int maxBytes) {
        String clean = HeaderValue.mandatory("signaling_ip", value, maxBytes);
        if (Ipv4.isLiteral(clean)) {
            return clean; // the usual case, without a regular expression
        }
        boolean openObject = clean.stripLeading().startsWith("{") && !clean.endsWith("}");
        if (openObject || JSON_BUT_NO_OBJECT.matcher(clean).matches()) {
            throw new CommandRefusedException(
                    "signaling_ip", Excerpt.of(clean), "an address, source_destination or a JSON object");
        }
        return clean;
    }
}

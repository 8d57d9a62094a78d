package io.mediaproxy.protocol;

import io.mediaproxy.protocol.log.Excerpt;
import java.util.regex.Pattern;

/**
 * Checks the header {@code signaling_ip}: an address, {@code source_destination}, or a JSON object with the members
 * {@code signaling_ip}, {@code destination_ip} and {@code username}.
 *
 * <p>MediaProxy first reads every value as JSON, and fails on JSON that is not an object: {@code 5}, {@code true},
 * {@code "1.2.3.4"}, {@code NaN}. It takes text that looks like an object but does not parse for plain text, so that
 * checking the braces is enough here.
 */
final class SignalingIp {
    /** JSON that is not an object: a string, an array, a number or a word, with any white space around it. */
    private static final Pattern JSON_OTHER_THAN_OBJECT = Pattern.compile(
            "\\s*(?:[\"\\[].*"
                    + "|-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
                    + "|true|false|null|NaN|-?Infinity)\\s*",
            Pattern.DOTALL);

    private SignalingIp() {}

    static String checked(String value, int maxBytes) {
        String clean = HeaderValue.mandatory("signaling_ip", value, maxBytes);
        if (Ipv4.isLiteral(clean)) {
            return clean; // the usual case needs no regular expression
        }
        boolean openObject = clean.stripLeading().startsWith("{") && !clean.endsWith("}");
        if (openObject || JSON_OTHER_THAN_OBJECT.matcher(clean).matches()) {
            throw new CommandRefusedException(
                    "signaling_ip", Excerpt.of(clean), "an address, source_destination or a JSON object");
        }
        return clean;
    }
}

package io.mediaproxy.embedded.python;

import java.util.regex.Pattern;

/**
 * Recognises JSON values that are no object, array or string, as Python's {@code json.loads} does: {@code NaN} and
 * {@code Infinity} are numbers.
 *
 * <p>It needs no JSON library, which takes long to load. Most values that are tested are IPv4 addresses.
 */
public final class JsonScalar {
    private static final Pattern SCALAR = Pattern.compile("[ \t\n\r]*+"
            + "(?:true|false|null|NaN|-?Infinity|-?(?:0|[1-9][0-9]*+)(?:\\.[0-9]++)?(?:[eE][-+]?[0-9]++)?)"
            + "[ \t\n\r]*+");

    private JsonScalar() {}

    /**
     * Tests a text.
     *
     * @param text of any length
     * @return true if it is a number, {@code true}, {@code false} or {@code null}
     */
    public static boolean matches(String text) {
        return SCALAR.matcher(text).matches();
    }

    /**
     * Tests whether a text begins as an object, array or string, so that a parser has to decide.
     *
     * @param text of any length
     * @return false if it is no JSON, or a scalar
     */
    public static boolean needsParser(String text) {
        int start = 0;
        while (start < text.length() && " \t\n\r".indexOf(text.charAt(start)) >= 0) {
            start++;
        }
        return start < text.length() && "{[\"".indexOf(text.charAt(start)) >= 0;
    }
}

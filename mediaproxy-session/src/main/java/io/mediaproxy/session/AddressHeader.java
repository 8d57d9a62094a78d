package io.mediaproxy.session;

import org.jspecify.annotations.Nullable;

/**
 * The value of a From or To header field (RFC 3261 20.20, 20.39):
 *
 * <pre>
 *   "Alice" &lt;sip:alice@atlanta.example.com;user=phone&gt;;tag=9fxced76sl
 *   sip:alice@atlanta.example.com;tag=9fxced76sl
 * </pre>
 *
 * @param uri in the form of the dispatcher's protocol: without {@code sip:} and parameters; empty if there is none
 * @param tag empty if there is none
 */
record AddressHeader(String uri, String tag) {
    private static final String SIP = "sip:";
    private static final String TAG = "tag";

    private static final AddressHeader NONE = new AddressHeader("", "");

    static AddressHeader parse(@Nullable String value) {
        if (value == null) {
            return NONE;
        }
        int open = openBracket(value);
        if (open < 0) {
            // Without brackets, everything after the first semicolon belongs to the header field (RFC 3261 20).
            int semicolon = value.indexOf(';');
            return semicolon < 0
                    ? new AddressHeader(shortUri(value), "")
                    : new AddressHeader(shortUri(value.substring(0, semicolon)), tag(value, semicolon));
        }
        int close = value.indexOf('>', open);
        return close < 0 ? NONE : new AddressHeader(shortUri(value.substring(open + 1, close)), tag(value, close + 1));
    }

    /** Returns the index of the first {@code <} that is not in a quoted display name, or -1. */
    private static int openBracket(String value) {
        boolean quoted = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == '<' && !quoted) {
                return i;
            }
        }
        return -1;
    }

    private static String shortUri(String uri) {
        String text = uri.strip();
        int start = text.regionMatches(true, 0, SIP, 0, SIP.length()) ? SIP.length() : 0;
        int semicolon = text.indexOf(';', start);
        return text.substring(start, semicolon < 0 ? text.length() : semicolon);
    }

    private static String tag(String value, int start) {
        int pos = value.indexOf(';', start);
        while (pos >= 0) {
            int next = value.indexOf(';', pos + 1);
            int end = next < 0 ? value.length() : next;
            int equals = value.indexOf('=', pos);
            if (equals >= 0 && equals < end && isTag(value, pos + 1, equals)) {
                return value.substring(equals + 1, end).strip();
            }
            pos = next;
        }
        return "";
    }

    private static boolean isTag(String value, int start, int end) {
        int from = start;
        while (from < end && Character.isWhitespace(value.charAt(from))) {
            from++;
        }
        return value.regionMatches(true, from, TAG, 0, TAG.length())
                && value.substring(from + TAG.length(), end).isBlank();
    }
}

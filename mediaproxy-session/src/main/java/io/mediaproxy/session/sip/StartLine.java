package io.mediaproxy.session.sip;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The first line of a message (RFC 3261 7.1, 7.2).
 *
 * @param method of a request; null for a response
 * @param statusCode of a response, 0 for a request
 */
record StartLine(@Nullable String method, int statusCode) {
    private static final byte[] OF_RESPONSE = "SIP/2.0 ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END_OF_REQUEST = " SIP/2.0".getBytes(StandardCharsets.US_ASCII);
    private static final int MIN_STATUS = 100;
    private static final int MAX_STATUS = 699;
    private static final int STATUS_DIGITS = 3;

    /** Reads a line without its line end. Returns null if it is neither a request line nor a status line. */
    static @Nullable StartLine read(byte[] bytes, int start, int end) {
        return isAt(bytes, start, end, OF_RESPONSE)
                ? statusLine(bytes, start + OF_RESPONSE.length, end)
                : requestLine(bytes, start, end);
    }

    private static @Nullable StartLine statusLine(byte[] bytes, int codeStart, int end) {
        int code = 0;
        int pos = codeStart;
        while (pos < end && bytes[pos] >= '0' && bytes[pos] <= '9' && pos - codeStart < STATUS_DIGITS) {
            code = 10 * code + bytes[pos++] - '0';
        }
        boolean complete = pos == end || bytes[pos] == ' ';
        return complete && code >= MIN_STATUS && code <= MAX_STATUS ? new StartLine(null, code) : null;
    }

    private static @Nullable StartLine requestLine(byte[] bytes, int start, int end) {
        int methodEnd = start;
        while (methodEnd < end && bytes[methodEnd] != ' ') {
            methodEnd++;
        }
        boolean complete = methodEnd > start && isAt(bytes, end - END_OF_REQUEST.length, end, END_OF_REQUEST);
        return complete ? new StartLine(RawSipMessage.text(bytes, start, methodEnd), 0) : null;
    }

    private static boolean isAt(byte[] bytes, int pos, int end, byte[] text) {
        int textEnd = pos + text.length;
        return pos >= 0 && textEnd <= end && Arrays.equals(bytes, pos, textEnd, text, 0, text.length);
    }
}

package io.mediaproxy.session.sip;

/**
 * The first line of a message (RFC 3261 7.1, 7.2).
 *
 * @param text without its line end
 */
record StartLine(String text) {
    private static final String VERSION = "SIP/2.0";
    private static final int MIN_STATUS = 100;
    private static final int MAX_STATUS = 699;
    private static final int STATUS_DIGITS = 3;

    /** Returns whether this is a request line or a status line. */
    boolean isValid() {
        return isRequest()
                ? text.endsWith(" " + VERSION) && text.indexOf(' ') > 0
                : statusCode() >= MIN_STATUS && statusCode() <= MAX_STATUS;
    }

    boolean isRequest() {
        return !text.startsWith(VERSION + " ");
    }

    /** Returns the status code of a response, 0 for a request. */
    int statusCode() {
        if (isRequest()) {
            return 0;
        }
        int start = VERSION.length() + 1;
        int end = text.indexOf(' ', start);
        String code = text.substring(start, end < 0 ? text.length() : end);
        return code.length() == STATUS_DIGITS ? Math.max(0, RawSipReader.decimal(code)) : 0;
    }

    /** Returns the method of a request. */
    String method() {
        return text.substring(0, text.indexOf(' '));
    }
}

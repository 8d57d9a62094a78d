package io.mediaproxy.session.sip;

/** The bytes are not one SIP message (RFC 3261 7). */
public final class SipSyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int offset;
    private final int line;

    SipSyntaxException(String what, int offset, int line) {
        super(what + " (line " + line + ", offset " + offset + ")");
        this.offset = offset;
        this.line = line;
    }

    /** Where, in bytes from the start of the message. */
    public int offset() {
        return offset;
    }

    /** Where, as a line number; the first line is 1. */
    public int line() {
        return line;
    }
}

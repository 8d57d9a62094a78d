package io.mediaproxy.session.sip;

/** Thrown if bytes are not one SIP message (RFC 3261 7). */
public final class SipSyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int offset;
    private final int line;

    SipSyntaxException(String problem, int offset, int line) {
        super(problem + " (line " + line + ", offset " + offset + ")");
        this.offset = offset;
        this.line = line;
    }

    /**
     * Returns the position of the problem.
     *
     * @return in bytes from the start of the message
     */
    public int offset() {
        return offset;
    }

    /**
     * Returns the line of the problem.
     *
     * @return the first line is 1
     */
    public int line() {
        return line;
    }
}

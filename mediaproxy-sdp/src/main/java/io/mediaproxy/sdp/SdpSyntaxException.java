package io.mediaproxy.sdp;

/** Thrown if the body is not SDP that a relay can be put into. The body itself stays as it was. */
public final class SdpSyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int offset;
    private final int line;

    SdpSyntaxException(String what, int offset, int line) {
        super(what + " (line " + line + ", offset " + offset + ")");
        this.offset = offset;
        this.line = line;
    }

    /** For an error at a position of the array that the index is reading. */
    static SdpSyntaxException at(SdpIndex index, int pos, String what) {
        return new SdpSyntaxException(what, pos - index.start(), Ascii.lineNumber(index.buffer(), index.start(), pos));
    }

    /**
     * Where the error is.
     *
     * @return the offset in bytes from the start of the SDP
     */
    public int offset() {
        return offset;
    }

    /**
     * Where the error is.
     *
     * @return the line number; the first line is 1
     */
    public int line() {
        return line;
    }
}

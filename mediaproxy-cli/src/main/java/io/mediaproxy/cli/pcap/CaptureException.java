package io.mediaproxy.cli.pcap;

/**
 * Thrown for a file that is not a capture or not supported, and where the rest of a capture is damaged; the message
 * says why.
 */
public final class CaptureException extends Exception {
    private static final long serialVersionUID = 1L;

    private final long offset;

    CaptureException(String message) {
        this(message, 0);
    }

    /** @param offset of the first byte of the damaged record; earlier ones are good */
    CaptureException(String message, long offset) {
        super(message);
        this.offset = offset;
    }

    long offset() {
        return offset;
    }
}

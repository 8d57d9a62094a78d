package io.mediaproxy.cli.pcap;

/** Thrown where the rest of a capture file cannot be read: it is cut, or has an impossible value. Earlier records are good. */
final class DamagedCaptureException extends Exception {
    private static final long serialVersionUID = 1L;

    private final long offset;

    /** @param offset of the first byte of the damaged record */
    DamagedCaptureException(String message, long offset) {
        super(message);
        this.offset = offset;
    }

    long offset() {
        return offset;
    }
}

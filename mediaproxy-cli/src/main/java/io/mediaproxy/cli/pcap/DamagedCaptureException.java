package io.mediaproxy.cli.pcap;

/** A capture file cannot be read on: it is cut, or says what cannot be. What was read before is good. */
final class DamagedCaptureException extends Exception {
    private static final long serialVersionUID = 1L;

    private final long offset;

    /** @param offset of the first byte of the record that is not whole */
    DamagedCaptureException(String message, long offset) {
        super(message);
        this.offset = offset;
    }

    long offset() {
        return offset;
    }
}

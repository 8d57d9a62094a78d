package io.mediaproxy.cli.pcap;

/** Thrown for a file that is not a capture, or one that is not supported; the message says why. */
public final class CaptureException extends Exception {
    private static final long serialVersionUID = 1L;

    CaptureException(String message) {
        super(message);
    }
}

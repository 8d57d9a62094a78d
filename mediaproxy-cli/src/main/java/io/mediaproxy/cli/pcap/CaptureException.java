package io.mediaproxy.cli.pcap;

/** What was given is no capture file, or none that is read here; the message says why, for the person who gave it. */
public final class CaptureException extends Exception {
    private static final long serialVersionUID = 1L;

    CaptureException(String message) {
        super(message);
    }
}

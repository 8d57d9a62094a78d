package io.mediaproxy.embedded.relay;

/** A relay's reason to answer {@code error}: it goes to the log, never to the client. */
final class RelayRefusalException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RelayRefusalException(String message) {
        super(message, null, false, false);
    }
}

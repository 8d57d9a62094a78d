package io.mediaproxy.embedded.relay;

/** A reason for the reply {@code error}. The log contains it, the reply does not. */
final class RelayRefusalException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RelayRefusalException(String message) {
        super(message, null, false, false);
    }
}

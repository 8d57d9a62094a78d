package io.mediaproxy.cli.demo;

/** The INVITE got a final answer that is not 2xx, or none in time (then as 408, RFC 3261 8.1.3.1). */
final class CallRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    CallRefusedException(int status, String reason) {
        super(status + " " + reason);
        this.status = status;
    }

    int status() {
        return status;
    }
}

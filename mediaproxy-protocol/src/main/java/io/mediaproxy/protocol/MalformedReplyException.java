package io.mediaproxy.protocol;

/** The bytes of a reply break the protocol. {@link DispatcherProtocolException} adds the command to it. */
final class MalformedReplyException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String excerpt;

    MalformedReplyException(String reason, String excerpt) {
        super(reason);
        this.excerpt = excerpt;
    }

    /** Returns the bytes that were received, escaped and cut. */
    String excerpt() {
        return excerpt;
    }
}

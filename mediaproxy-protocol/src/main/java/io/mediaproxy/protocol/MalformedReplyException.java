package io.mediaproxy.protocol;

/** The bytes of a reply that no dispatcher sends; without what the connection knows about its command. */
final class MalformedReplyException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String excerpt;

    MalformedReplyException(String reason, String excerpt) {
        super(reason);
        this.excerpt = excerpt;
    }

    /** What arrived, escaped and cut. */
    String excerpt() {
        return excerpt;
    }
}

package io.mediaproxy.protocol;

/** The dispatcher sent a reply that the protocol does not allow. The connection was closed. */
public final class DispatcherProtocolException extends MediaProxyException {
    private static final long serialVersionUID = 1L;

    private final String excerpt;

    DispatcherProtocolException(MalformedReplyException malformed, CommandContext context) {
        super(
                "dispatcher broke the protocol: " + malformed.getMessage() + ", got " + malformed.excerpt(),
                context,
                malformed);
        this.excerpt = malformed.excerpt();
    }

    /**
     * Returns the bytes that were received.
     *
     * @return in quotes, ASCII-escaped, cut at 64 bytes
     */
    public String excerpt() {
        return excerpt;
    }
}

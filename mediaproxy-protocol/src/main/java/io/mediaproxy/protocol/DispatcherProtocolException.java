package io.mediaproxy.protocol;

/** The dispatcher answered what it never should; the connection was closed. */
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

    /** What arrived: in quotes, ASCII-escaped, cut at 64 bytes. */
    public String excerpt() {
        return excerpt;
    }
}

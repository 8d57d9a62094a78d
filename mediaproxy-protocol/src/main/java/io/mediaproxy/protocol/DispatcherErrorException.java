package io.mediaproxy.protocol;

/**
 * The dispatcher answered {@code error} to an update. It gives no reason; the usual one is that no relay is connected or none
 * has a free port.
 */
public final class DispatcherErrorException extends MediaProxyException {
    private static final long serialVersionUID = 1L;

    DispatcherErrorException(CommandContext context) {
        super("dispatcher answered error", context, null);
    }
}

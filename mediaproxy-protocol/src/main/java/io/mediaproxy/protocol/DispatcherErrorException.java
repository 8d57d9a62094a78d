package io.mediaproxy.protocol;

/**
 * The dispatcher replied {@code error} to an update. It gives no reason; usually no relay is connected, or none has a
 * free port.
 */
public final class DispatcherErrorException extends MediaProxyException {
    private static final long serialVersionUID = 1L;

    DispatcherErrorException(CommandContext context) {
        super("dispatcher answered error", context, null);
    }
}

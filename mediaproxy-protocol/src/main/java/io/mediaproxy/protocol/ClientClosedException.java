package io.mediaproxy.protocol;

/** The {@link DispatcherClient} was closed before the command was handed over. Nothing was sent. */
public final class ClientClosedException extends MediaProxyException {
    private static final long serialVersionUID = 1L;

    ClientClosedException(CommandContext context) {
        super("the client is closed", context, null);
    }
}

package io.mediaproxy.protocol;

import org.jspecify.annotations.Nullable;

/**
 * There is no connection to the dispatcher, or it ended before the reply.
 *
 * <p>If bytes of the command were written, the dispatcher may have executed it.
 */
public final class DispatcherUnreachableException extends MediaProxyException {
    private static final long serialVersionUID = 1L;

    DispatcherUnreachableException(String what, @Nullable CommandContext context, @Nullable Throwable cause) {
        super(what, context, cause);
    }
}

package io.mediaproxy.protocol;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A command got no usable reply. Each subclass calls for a different reaction of the caller. */
public abstract sealed class MediaProxyException extends RuntimeException
        permits DispatcherUnreachableException,
                DispatcherTimeoutException,
                DispatcherErrorException,
                DispatcherProtocolException,
                CommandRefusedException,
                QueueFullException,
                ClientClosedException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable CommandContext context;

    MediaProxyException(String what, @Nullable CommandContext context, @Nullable Throwable cause) {
        super(context == null ? what : what + ": " + context.describe(), cause);
        this.context = context;
    }

    /**
     * Returns the command and the state of the client.
     *
     * @return empty if the failure came before a command was submitted, and after deserialization
     */
    public Optional<CommandContext> context() {
        return Optional.ofNullable(context);
    }

    /**
     * Returns whether the dispatcher saw nothing of the command, so that sending it again cannot execute it twice.
     *
     * @return false also if that is not known
     */
    public boolean isRetrySafe() {
        return context != null && context.bytesWritten() == 0;
    }
}

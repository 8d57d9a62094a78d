package io.mediaproxy.protocol;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A command got no usable answer. Each subclass asks the caller for something else. */
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

    /** The command and the client's state; empty when the failure came before there was any, and after deserialization. */
    public Optional<CommandContext> context() {
        return Optional.ofNullable(context);
    }

    /**
     * Whether the dispatcher saw nothing of the command, so that sending it again cannot run it twice.
     *
     * @return false also when that is not known
     */
    public boolean isRetrySafe() {
        return context != null && context.bytesWritten() == 0;
    }
}

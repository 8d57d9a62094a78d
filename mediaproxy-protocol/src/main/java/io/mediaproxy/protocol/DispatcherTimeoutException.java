package io.mediaproxy.protocol;

import java.util.function.Consumer;

/**
 * There was no reply within the command's total time, which includes its time in the queue.
 *
 * <p>If the command was sent, the dispatcher may still execute it. The reply to an update that succeeds late goes to
 * the listener of {@link DispatcherClient#update(UpdateCommand, Consumer)}.
 */
public final class DispatcherTimeoutException extends MediaProxyException {
    private static final long serialVersionUID = 1L;

    private final boolean showsNothing;

    DispatcherTimeoutException(String what, boolean showsNothing, CommandContext context) {
        super(what, context, null);
        this.showsNothing = showsNothing;
    }

    /**
     * Returns whether it shows nothing of the dispatcher: the command was not sent because an earlier one of its call
     * had no reply, or this process was paused.
     */
    boolean showsNothing() {
        return showsNothing;
    }
}

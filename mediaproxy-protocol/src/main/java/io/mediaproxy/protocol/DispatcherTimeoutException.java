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

    private final boolean waitedForItsCall;

    DispatcherTimeoutException(String what, boolean waitedForItsCall, CommandContext context) {
        super(what, context, null);
        this.waitedForItsCall = waitedForItsCall;
    }

    /** Returns whether it was not sent because an earlier command of its call had no reply. */
    boolean waitedForItsCall() {
        return waitedForItsCall;
    }
}

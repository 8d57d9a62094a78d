package io.mediaproxy.protocol;

/**
 * No reply came within the command's total time, which runs while it is queued, too.
 *
 * <p>If the command went out the dispatcher may still run it: a late success of an update goes to
 * the command's {@code onLate}, see {@link DispatcherClient#update(UpdateCommand, java.util.function.Consumer)}.
 */
public final class DispatcherTimeoutException extends MediaProxyException {
    private static final long serialVersionUID = 1L;

    DispatcherTimeoutException(String what, CommandContext context) {
        super(what, context, null);
    }
}

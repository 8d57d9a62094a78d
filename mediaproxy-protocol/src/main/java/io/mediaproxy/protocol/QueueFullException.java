package io.mediaproxy.protocol;

/**
 * The client has as many commands in progress as {@link DispatcherConfig#queueCapacity()} allows, or as the dispatcher
 * can answer within the timeout. Nothing was sent; the command may be tried again later.
 */
public final class QueueFullException extends MediaProxyException {
    private static final long serialVersionUID = 1L;

    private final int capacity;

    QueueFullException(int capacity, CommandContext context) {
        super("the command queue is full (" + capacity + " commands)", context, null);
        this.capacity = capacity;
    }

    /**
     * Returns the limit that was reached.
     *
     * @return {@link DispatcherConfig#queueCapacity()}, or less if the dispatcher is slow
     */
    public int capacity() {
        return capacity;
    }
}

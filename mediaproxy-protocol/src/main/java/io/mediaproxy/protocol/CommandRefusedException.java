package io.mediaproxy.protocol;

/** The command was refused here and nothing was sent: a value does not fit the wire, the queue is full or the client closed. */
public final class CommandRefusedException extends MediaProxyException {
    private static final long serialVersionUID = 1L;

    private final String field;
    private final String got;
    private final String limit;

    CommandRefusedException(String field, String got, String limit) {
        super(field + " refused: got " + got + ", allowed: " + limit, null, null);
        this.field = field;
        this.got = got;
        this.limit = limit;
    }

    CommandRefusedException(String field, String got, String limit, CommandContext context) {
        super(field + ": " + got + ", allowed: " + limit, context, null);
        this.field = field;
        this.got = got;
        this.limit = limit;
    }

    /** The header or part of it, {@code queue} or {@code client}. */
    public String field() {
        return field;
    }

    /** What was found: a value in quotes, ASCII-escaped and cut at 64 bytes, or a figure. */
    public String got() {
        return got;
    }

    /** What is allowed. */
    public String limit() {
        return limit;
    }

    /** Always true: nothing was sent. */
    @Override
    public boolean isRetrySafe() {
        return true;
    }
}

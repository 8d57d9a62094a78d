package io.mediaproxy.protocol;

/** A value does not fit the wire. The command was not built and nothing was sent. */
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

    /**
     * Returns which value was refused.
     *
     * @return the header, such as {@code call_id}, or one part of it, such as {@code media port}
     */
    public String field() {
        return field;
    }

    /**
     * Returns the value that was refused.
     *
     * @return a value in quotes, ASCII-escaped and cut at 64 bytes, or a number
     */
    public String got() {
        return got;
    }

    /**
     * Returns what is allowed.
     *
     * @return in words, such as {@code at most 256 bytes}
     */
    public String limit() {
        return limit;
    }

    /**
     * Returns true: nothing was sent.
     *
     * @return always true
     */
    @Override
    public boolean isRetrySafe() {
        return true;
    }
}

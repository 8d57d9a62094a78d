package io.mediaproxy.embedded.log;

import org.jspecify.annotations.Nullable;

/**
 * Appears in a log in place of an exception whose message, or that of a cause, has text from outside. It has the stack
 * trace of the original. Not thread-safe.
 */
final class ShownThrowable extends Throwable {
    private static final long serialVersionUID = 1L;

    /** More causes of causes are not shown. */
    private static final int MAX_DEPTH = 16;

    private final String text;

    private ShownThrowable(Throwable original, int depth) {
        super(Log.line(String.valueOf(original.getMessage())), cause(original, depth), true, true);
        text = Log.line(original.toString());
        setStackTrace(original.getStackTrace());
        for (Throwable suppressed : original.getSuppressed()) {
            if (depth < MAX_DEPTH) {
                addSuppressed(new ShownThrowable(suppressed, depth + 1));
            }
        }
    }

    private static @Nullable Throwable cause(Throwable original, int depth) {
        @Nullable Throwable cause = original.getCause();
        return cause == null || depth == MAX_DEPTH ? null : new ShownThrowable(cause, depth + 1);
    }

    /** Returns the exception itself if its text can be logged as it is. */
    static Throwable of(Throwable original) {
        return isPlain(original, 0) ? original : new ShownThrowable(original, 0);
    }

    private static boolean isPlain(Throwable thrown, int depth) {
        String text = thrown.toString();
        boolean plain = depth < MAX_DEPTH && Log.line(text).equals(text);
        @Nullable Throwable cause = thrown.getCause();
        plain = plain && (cause == null || isPlain(cause, depth + 1));
        for (Throwable suppressed : thrown.getSuppressed()) {
            plain = plain && isPlain(suppressed, depth + 1);
        }
        return plain;
    }

    @Override
    @SuppressWarnings("OverrideThrowableToString") // it replaces the name of the class too, by that of the original
    public String toString() {
        return text;
    }
}

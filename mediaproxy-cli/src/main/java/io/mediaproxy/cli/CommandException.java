package io.mediaproxy.cli;

import org.jspecify.annotations.Nullable;

/** A failure of a command: its exit code, and the reason in one line. */
final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    private CommandException(int exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** The command is valid, but failed. */
    static CommandException failed(String message, @Nullable Throwable cause) {
        return new CommandException(MediaProxyCommand.FAILED, message, cause);
    }

    /** A given file, message or value cannot be used. */
    static CommandException badInput(String message, @Nullable Throwable cause) {
        return new CommandException(MediaProxyCommand.BAD_INPUT, message, cause);
    }

    int exitCode() {
        return exitCode;
    }
}

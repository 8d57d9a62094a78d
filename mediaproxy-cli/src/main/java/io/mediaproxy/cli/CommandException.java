package io.mediaproxy.cli;

import org.jspecify.annotations.Nullable;

/** Why a command ends with another exit code than 0, in one line for the person who typed it. */
final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    private CommandException(int exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** The command was right and the thing did not work. */
    static CommandException failed(String message, @Nullable Throwable cause) {
        return new CommandException(MediaProxyCommand.FAILED, message, cause);
    }

    /** A file, a message or a value that was given cannot be used. */
    static CommandException badInput(String message, @Nullable Throwable cause) {
        return new CommandException(MediaProxyCommand.BAD_INPUT, message, cause);
    }

    int exitCode() {
        return exitCode;
    }
}

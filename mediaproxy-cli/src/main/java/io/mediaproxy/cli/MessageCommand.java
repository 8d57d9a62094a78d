package io.mediaproxy.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Base of {@code rewrite} and {@code explain}: one message, one trial, and its exit code. */
@Command(
        mixinStandardHelpOptions = true,
        versionProvider = ManifestVersion.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:use_media_proxy returns 1 or -2: rewritten, or there is nothing to rewrite",
            "1:it returns -1: the dispatcher gave no relay, or ICE has ended; the message stays as it is",
            "2:bad input or usage, also a message that cannot be used, for which use_media_proxy returns -1"
        })
abstract sealed class MessageCommand implements Runnable permits RewriteCommand, ExplainCommand {
    private final Console console;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli before it calls anything else
    private MessageOptions options;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before it calls anything else
    private CommandSpec spec;

    MessageCommand(Console console) {
        this.console = console;
    }

    @Override
    public final void run() {
        Trial trial = Trial.run(options, console);
        show(trial);
        switch (trial.end()) {
            case WORKED -> {}
            case FAILED -> throw CommandException.failed(trial.verdict(), null);
            case UNUSABLE_MESSAGE -> throw CommandException.badInput(trial.verdict(), null);
        }
    }

    /** Prints the result, but not the reason of a failure, which is printed afterwards. */
    abstract void show(Trial trial);

    final Console console() {
        return console;
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final PrintWriter err() {
        return spec.commandLine().getErr();
    }
}

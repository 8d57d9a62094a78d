package io.mediaproxy.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What {@code rewrite} and {@code explain} have in common: one message, one trial, and what its end is to the shell. */
@Command(
        mixinStandardHelpOptions = true,
        versionProvider = ManifestVersion.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:use_media_proxy returns 1 or -2: rewritten, or there is nothing to rewrite",
            "1:it returns -1: the dispatcher gave no relay, or ICE has ended; the message stays as it is",
            "2:bad input or usage; use_media_proxy returns -1 for a message that cannot be used, too"
        })
abstract sealed class MessageCommand implements Runnable permits RewriteCommand, ExplainCommand {
    private final Console console;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli before anything else is called
    private MessageOptions options;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything else is called
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

    /** Prints what there is to see, but not why it did not work: that is said when this returns. */
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

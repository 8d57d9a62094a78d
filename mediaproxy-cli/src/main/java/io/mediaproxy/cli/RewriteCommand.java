package io.mediaproxy.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mediaproxy rewrite}: the message as {@code use_media_proxy} leaves it, byte for byte. */
@Command(
        name = "rewrite",
        header = "Rewrite the SDP of one SIP message.",
        description = {
            "",
            "Does with one message what use_media_proxy does: asks a dispatcher for the relay's address and ports and puts "
                    + "them into the SDP. Prints the message byte for byte as it goes on, and nothing else, on standard "
                    + "output; a message that stays as it is is printed as it is, and one line on standard error says why.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = ManifestVersion.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:use_media_proxy returns 1 or -2: rewritten, or there is nothing to rewrite",
            "1:use_media_proxy returns -1: it did not work, the message stays as it is",
            "2:bad input or usage"
        })
final class RewriteCommand implements Runnable {
    private final Console console;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli before anything else is called
    private MessageOptions options;

    @Option(
            names = "--show-command",
            description = "Print the command that the dispatcher gets, byte for byte, on standard error.")
    private boolean showCommand;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything else is called
    private CommandSpec spec;

    RewriteCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        Trial trial = Trial.run(options, console);
        if (showCommand) {
            showCommand(trial);
        }
        console.write(trial.message());
        if (!trial.worked()) {
            throw CommandException.failed(trial.verdict(), null);
        }
        if (trial.result().body().isEmpty()
                || !trial.result().streamsLeftAlone().isEmpty()) {
            PrintWriter err = spec.commandLine().getErr();
            err.println("mediaproxy: " + trial.verdict());
            err.flush();
        }
    }

    private void showCommand(Trial trial) {
        String sent = trial.sent() == null ? "(no command is sent)\n" : trial.sent();
        console.err().writeBytes(sent.getBytes(StandardCharsets.UTF_8));
        console.err().flush();
    }
}

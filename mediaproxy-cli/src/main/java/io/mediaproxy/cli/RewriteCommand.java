package io.mediaproxy.cli;

import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code mediaproxy rewrite}: the message as {@code use_media_proxy} leaves it, byte for byte. */
@Command(
        name = "rewrite",
        header = "Rewrite the SDP of one SIP message.",
        description = {
            "",
            "Applies use_media_proxy to one message: asks a dispatcher for the relay's address and ports and puts "
                    + "them into the SDP. Prints the resulting message byte for byte, and nothing else, on standard "
                    + "output. An unchanged message is printed as it is, with the reason in one line on standard "
                    + "error.",
            ""
        })
final class RewriteCommand extends MessageCommand {
    @Option(
            names = "--show-command",
            description = "Print the command to the dispatcher, byte for byte, on standard error.")
    private boolean showCommand;

    RewriteCommand(Console console) {
        super(console);
    }

    @Override
    void show(Trial trial) {
        if (showCommand) {
            showCommand(trial);
        }
        console().out().writeBytes(trial.message());
        console().out().flush(); // before the line on standard error
        boolean whole = trial.result().body().isPresent()
                && trial.result().unrelayedStreams().isEmpty();
        if (trial.end() == Trial.End.WORKED && !whole) {
            err().println("mediaproxy: " + trial.verdict());
            err().flush();
        }
    }

    private void showCommand(Trial trial) {
        String sent = trial.sent() == null ? "(no command is sent)\n" : trial.sent();
        console().err().writeBytes(sent.getBytes(StandardCharsets.UTF_8));
        console().err().flush();
    }
}

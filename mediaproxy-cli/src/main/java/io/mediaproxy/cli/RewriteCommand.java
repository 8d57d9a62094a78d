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
            "Does with one message what use_media_proxy does: asks a dispatcher for the relay's address and ports and puts "
                    + "them into the SDP. Prints the message byte for byte as it goes on, and nothing else, on standard "
                    + "output; a message that stays as it is is printed as it is, and one line on standard error says why.",
            ""
        })
final class RewriteCommand extends MessageCommand {
    @Option(
            names = "--show-command",
            description = "Print the command that the dispatcher gets, byte for byte, on standard error.")
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
        console().out().flush(); // before anything is said of it
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
